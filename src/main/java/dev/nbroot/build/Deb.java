package dev.nbroot.build;

import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One package file, as a signed package list describes it.
 *
 * @param name the package's name
 * @param version Debian's, with its epoch, as in {@code 1:9.2p1-2}
 * @param architecture its own, which may be {@code all}
 * @param sha256 64 lower-case hexadecimal digits
 * @param size bytes
 * @param uri where it can be fetched
 */
record Deb(String name, String version, String architecture, String sha256, long size, String uri) {
    /** apt-get(8), {@code --print-uris}: 'URI' NAME SIZE KIND:HASH; a colon of the version is written {@code %3a}. */
    private static final Pattern PRINTED = Pattern.compile("'(?<uri>[^']*)' (?<name>[^_/\\s]+)_(?<version>[^_/\\s]+)"
            + "_(?<architecture>[^_/\\s]+)\\.deb (?<size>\\d+) (?:SHA256:(?<hash>[0-9a-f]{64})|(?<other>\\S*))\\s*");

    /** The first member's header follows the eight bytes of ar(5)'s magic; its name takes 16, its time 12. */
    private static final int TIME_AT = 8 + 16;

    private static final int TIME_LENGTH = 12;

    /**
     * {@return the package files that apt-get has printed; its other lines are left out}
     *
     * @throws Failure of kind {@code FAILED} for one without a SHA-256, which could not be verified
     */
    static List<Deb> parse(List<String> lines) {
        return lines.stream()
                .map(PRINTED::matcher)
                .filter(Matcher::matches)
                .map(Deb::of)
                .toList();
    }

    private static Deb of(Matcher line) {
        if (line.group("hash") == null) {
            throw Failure.of(
                    FailureKind.FAILED,
                    "the archive gives no SHA-256 for " + line.group("uri"),
                    "use an archive whose package lists have SHA256 fields");
        }
        return new Deb(
                line.group("name"),
                line.group("version").replace("%3a", ":"),
                line.group("architecture"),
                line.group("hash"),
                Long.parseLong(line.group("size")),
                line.group("uri"));
    }

    /** {@return the name by which apt looks for it in its archives directory} */
    String fileName() {
        return name + "_" + version.replace(":", "%3a") + "_" + architecture + ".deb";
    }

    /** {@return name, version and architecture, for people} */
    String label() {
        return name + " " + version + " " + architecture;
    }

    /**
     * {@return when the package was made, in seconds since 1970: the time of the file's first member, which dpkg-deb sets
     * to the time of the package's last change (SOURCE_DATE_EPOCH); absent for a file that is no package}
     */
    static Optional<Long> made(Path file) {
        ByteBuffer bytes = ByteBuffer.allocate(TIME_LENGTH);
        try (SeekableByteChannel channel = Files.newByteChannel(file)) {
            channel.position(TIME_AT);
            while (bytes.hasRemaining()) {
                if (channel.read(bytes) < 0) {
                    return Optional.empty();
                }
            }
        } catch (IOException e) {
            throw Failure.io("read", file, e);
        }
        String digits = new String(bytes.array(), StandardCharsets.US_ASCII).strip();
        return digits.matches("\\d+") ? Optional.of(Long.parseLong(digits)) : Optional.empty();
    }
}
