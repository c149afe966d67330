package dev.nbroot.build;

import dev.nbroot.system.Commands;
import dev.nbroot.system.Invocation;
import dev.nbroot.system.Sha256;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Asks an archive for the file that names the hashes of its lists. Its signature is not looked at here: what it says is
 * used only to tell whether anything has changed since its lists were verified.
 *
 * @param proxy for downloads; absent: as the host's apt does it
 */
record ReleaseFile(Optional<String> proxy) {
    /** Two tries, in each of which apt waits twice for ten seconds, for each of an archive's addresses. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /**
     * What came back.
     *
     * @param sha256 of the file; empty when there is none
     * @param lines what the downloader printed
     */
    record Answer(String sha256, List<String> lines) {
        Answer {
            lines = List.copyOf(lines);
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
        return new Answer(result.status() == 0 ? Sha256.of(file) : "", result.lines());
    }
}
