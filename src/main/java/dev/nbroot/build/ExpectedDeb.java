package dev.nbroot.build;

import dev.nbroot.system.Sha256;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A package file that apt will use, as the signed package lists describe it.
 *
 * @param name its name in the archives directory
 * @param sha256 64 hexadecimal digits; empty when the archive tells another kind of hash only
 */
record ExpectedDeb(String name, String sha256) {
    /** apt-get(8), {@code --print-uris}: 'URI' NAME SIZE KIND:HASH. */
    private static final Pattern LINE =
            Pattern.compile("'[^']*' (?<name>[^/\\s]+\\.deb) \\d+ ?(?:SHA256:(?<hash>[0-9a-f]{64})|\\S*)\\s*");

    /** {@return all packages that apt-get has printed; its other lines are left out} */
    static List<ExpectedDeb> parse(List<String> lines) {
        return lines.stream()
                .map(LINE::matcher)
                .filter(Matcher::matches)
                .map(line -> new ExpectedDeb(line.group("name"), line.group("hash") == null ? "" : line.group("hash")))
                .toList();
    }

    /** {@return whether a directory has a file of this name that is not known to be this package} */
    boolean differsIn(Path archives) {
        Path file = archives.resolve(name);
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        return !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                || !Sha256.of(file).equals(sha256);
    }
}
