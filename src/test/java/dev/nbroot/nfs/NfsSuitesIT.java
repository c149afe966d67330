package dev.nbroot.nfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.nbroot.it.Thorough;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What others hold file systems to, through the Linux kernel's NFS client, on a plain directory and on a client
 * machine's overlayfs view. {@code src/test/resources/nfs/suites} has each suite's cases and what is expected of them.
 *
 * <p>The suites are other people's and not shipped. {@code -Dnbroot.suites=DIR} names a directory that has them as
 * {@link #SUITES} says. One run over everything takes an hour or more; {@code -Dnbroot.suites.on=view} (or
 * {@code directory}) and {@code -Dnbroot.suites.files=chmod/,rename/09} (how the names of pjdfstest's files begin) run a
 * part.
 */
class NfsSuitesIT {
    private static final String SUITES = "pjdfstest/ (the project pjd/pjdfstest: its program and its tests/),"
            + " connectathon/ (the Connectathon NFS tests \"cthon04\", made in place),"
            + " fsx and fsstress (programs of the project xfstests)";
    private static final Duration PATIENCE = Duration.ofHours(3);

    @TempDir
    Path work;

    private static Path suites() {
        String directory = System.getProperty("nbroot.suites", "");
        assumeTrue(
                !directory.isEmpty(),
                "needs suites that are not ours to ship: build each as its own README says, put them into a directory as "
                        + SUITES + ", and name it with -Dnbroot.suites=DIR");
        return Path.of(directory).toAbsolutePath();
    }

    /**
     * All of pjdfstest. Its {@code unlink/14} and {@code utimensat/09} have cases that no NFSv3 server can pass: a Linux
     * client renames what is unlinked while open, so that it keeps a link, and a time has 32 bits of seconds.
     */
    @ParameterizedTest
    @ValueSource(strings = {"directory", "view"})
    void everyCallDoesAndRefusesWhatPosixSays(String export) throws Exception {
        String beginnings = System.getProperty("nbroot.suites.files", "");
        List<String> wanted = starting(
                expected("pjdfstest.txt"),
                Stream.of(beginnings.split(",")).map(b -> "file " + b).toArray(String[]::new));
        String suite = suites().resolve("pjdfstest").toString();

        List<String> lines = onClient(export, "pjdfstest.py", beginnings.isEmpty() ? suite : suite + "," + beginnings);

        assertThat(starting(lines, "file "))
                .as(() ->
                        lines.stream().filter(line -> line.contains(": not ok")).collect(Collectors.joining("\n")))
                .isNotEmpty()
                .containsExactlyElementsOf(wanted);
    }

    /** The Connectathon tests: basic, special, lock (with locks that the client keeps to itself) and general. */
    @ParameterizedTest
    @ValueSource(strings = {"directory", "view"})
    void connectathon(String export) throws Exception {
        List<String> lines = onClient(
                export, "connectathon.py", suites().resolve("connectathon").toString());

        assertThat(starting(lines, "ok ", "locks ")).containsExactlyElementsOf(expected("connectathon.txt"));
    }

    /** fsx checks contents after each of some 200,000 operations; fsstress calls at random, from many processes. */
    @ParameterizedTest
    @ValueSource(strings = {"directory", "view"})
    void fsxAndFsstress(String export) throws Exception {
        List<String> lines = onClient(export, "exercisers.py", suites().toString());

        assertThat(starting(lines, "ok ")).containsExactlyElementsOf(expected("exercisers.txt"));
    }

    /** Archives, git, sqlite, dpkg and many processes at once come to the same as on a local disk. */
    @ParameterizedTest
    @ValueSource(strings = {"directory", "view"})
    void workComesToTheSameAsOnALocalDisk(String export) throws Exception {
        Thorough.only();
        UmlMachine.needed();
        Path local = Files.createDirectory(work.resolve("local"));
        prepare(local);
        List<String> wanted = UmlMachine.run(local, PATIENCE, "here", "directory", "workloads.py");
        assertThat(wanted).contains("suite done").noneMatch(line -> line.startsWith("FAIL"));

        List<String> lines = onClient(export, "workloads.py", "1");

        assertThat(starting(lines, "result ")).isNotEmpty().isEqualTo(starting(wanted, "result "));
    }

    private List<String> onClient(String export, String suite, String arguments) throws Exception {
        String only = System.getProperty("nbroot.suites.on", export);
        assumeTrue(only.equals(export), "-Dnbroot.suites.on=" + only + " leaves it out");
        UmlMachine.needed();
        Path remote = Files.createDirectory(work.resolve("remote"));
        prepare(remote);
        List<String> lines = UmlMachine.run(remote, PATIENCE, "client", export, suite, arguments);
        assertThat(lines).as("the script's last words").contains("suite done", "guest done");
        assertThat(lines).noneMatch(line -> line.startsWith("FAIL"));
        assertThat(lines).as("the server's own errors").noneMatch(line -> line.startsWith("failed"));
        return lines;
    }

    private static void prepare(Path directory) throws IOException {
        UmlMachine.prepare(
                directory,
                "suites/host.sh",
                "suites/guest.sh",
                "suites/digest.py",
                "suites/pjdfstest.py",
                "suites/connectathon.py",
                "suites/exercisers.py",
                "suites/workloads.py");
    }

    private static List<String> starting(List<String> lines, String... prefixes) {
        return lines.stream()
                .filter(line -> Stream.of(prefixes).anyMatch(line::startsWith))
                .collect(Collectors.toList());
    }

    private static List<String> expected(String resource) throws IOException {
        try (InputStream in = NfsSuitesIT.class.getResourceAsStream("/nfs/suites/" + resource)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .collect(Collectors.toList());
        }
    }
}
