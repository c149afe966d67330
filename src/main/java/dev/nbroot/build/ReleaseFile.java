package dev.nbroot.build;

import dev.nbroot.report.Failure;
import dev.nbroot.system.Commands;
import dev.nbroot.system.Invocation;
import dev.nbroot.system.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Asks an archive for the file that names the hashes of its lists. Its signature is not looked at here: what it says is
 * used only to tell whether anything has changed since its lists were verified.
 *
 * @param proxy for downloads; absent: as the host's apt does it
 * @param anyAge whether an old file is as good as a new one, as in a snapshot
 */
record ReleaseFile(Optional<String> proxy, boolean anyAge) {
    private static final String VALID_UNTIL = "Valid-Until:";

    /** Two tries, in each of which apt waits twice for ten seconds, for each of an archive's addresses. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /**
     * What came back.
     *
     * @param sha256 of the file; empty when there is none
     * @param expired whether its Valid-Until is over, so that apt must be asked what it thinks of it
     * @param lines what the downloader printed
     */
    record Answer(String sha256, boolean expired, List<String> lines) {
        Answer {
            lines = List.copyOf(lines);
        }

        /** {@return what tells one state of the archive from another; empty when an earlier answer must not be trusted} */
        String state() {
            return expired ? "" : sha256;
        }

        boolean isThere() {
            return !sha256.isEmpty();
        }

        /** {@return whether the archive answers, but has no such file} */
        boolean isMissing() {
            return lines.stream().anyMatch(line -> line.matches(".*\\s404\\s.*") || line.contains("File not found"));
        }
    }

    Answer ask(BuildSite site, String url) {
        Path file = site.work().resolve("InRelease");
        List<String> argv = new ArrayList<>(List.of("/usr/lib/apt/apt-helper"));
        proxy.ifPresent(
                one -> argv.addAll(List.of("-o", "Acquire::http::Proxy=" + one, "-o", "Acquire::https::Proxy=" + one)));
        argv.addAll(List.of(
                "-o",
                "APT::Sandbox::User=root",
                "-o",
                "Acquire::Retries=1",
                "-o",
                "Acquire::http::Timeout=10",
                "-o",
                "Acquire::https::Timeout=10",
                "download-file",
                url,
                file.toString()));
        Commands.Result result = site.run(
                Invocation.of(argv).labelled("apt-helper").within(PATIENCE).accepting(0, 100));
        if (result.status() != 0) {
            return new Answer("", false, result.lines());
        }
        return new Answer(Sha256.of(file), !anyAge && expired(file), result.lines());
    }

    private static boolean expired(Path file) {
        try (Stream<String> lines = Files.lines(file, StandardCharsets.ISO_8859_1)) {
            return isExpired(lines, Instant.now());
        } catch (IOException e) {
            throw Failure.io("read", file, e);
        }
    }

    /** {@return whether a Release file's Valid-Until is over; it is written as in RFC 1123, with UTC for GMT} */
    static boolean isExpired(Stream<String> release, Instant now) {
        return release.filter(line -> line.startsWith(VALID_UNTIL))
                .map(line -> line.substring(VALID_UNTIL.length()).strip().replace("UTC", "GMT"))
                .anyMatch(date -> isPast(date, now));
    }

    private static boolean isPast(String date, Instant now) {
        try {
            return DateTimeFormatter.RFC_1123_DATE_TIME
                    .parse(date, Instant::from)
                    .isBefore(now);
        } catch (DateTimeParseException e) {
            // Apt says what it makes of it.
            return true;
        }
    }
}
