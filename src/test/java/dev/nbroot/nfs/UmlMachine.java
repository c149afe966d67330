package dev.nbroot.nfs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nbroot.it.Needs;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A client machine of user-mode Linux, which is a real kernel as a process, in namespaces of its own together with our
 * server.
 */
final class UmlMachine {
    private static final Path KERNEL = Path.of("/usr/bin/linux.uml");
    private static final Path MODULES = Path.of("/usr/lib/uml/modules");
    private static final Path BUSYBOX = Path.of("/usr/bin/busybox");

    private UmlMachine() {}

    /** Skips, or in CI fails, unless the host can run such a machine. */
    static void needed() {
        Needs.root();
        Needs.file(KERNEL, "user-mode-linux");
        Needs.file(BUSYBOX, "busybox-static");
        Needs.programs("python3");
        Needs.that(Files.exists(Path.of("/dev/net/tun")), "needs /dev/net/tun");
    }

    /** Puts an initial RAM disk and these test resources of {@code /nfs/} into a directory. */
    static void prepare(Path work, String... resources) throws IOException {
        for (String resource : resources) {
            try (InputStream in = UmlMachine.class.getResourceAsStream("/nfs/" + resource)) {
                Files.copy(in, work.resolve(Path.of(resource).getFileName()));
            }
        }
        Files.write(work.resolve("initrd"), InitialRamDisk.make(MODULES, BUSYBOX));
    }

    /**
     * Runs {@code host.sh} of the directory, whose first arguments are the directory, our Java and our class path.
     *
     * @return what it printed, stripped
     */
    static List<String> run(Path work, Duration patience, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                // Whatever becomes of this Java, nothing stays behind.
                "setpriv",
                "--pdeathsig",
                "KILL",
                "unshare",
                "--net",
                "--mount",
                "--pid",
                "--fork",
                "--kill-child",
                "--mount-proc",
                "bash",
                work.resolve("host.sh").toString(),
                work.toString(),
                ProcessHandle.current().info().command().orElse("java"),
                System.getProperty("java.class.path")));
        command.addAll(List.of(arguments));
        Path log = work.resolve("log");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            boolean ended = process.waitFor(patience.toSeconds(), TimeUnit.SECONDS);
            try (Stream<String> lines = Files.lines(log, StandardCharsets.UTF_8)) {
                List<String> all = lines.map(String::strip).collect(Collectors.toList());
                assertThat(ended).as("ended in time; it printed %s", all).isTrue();
                return all;
            }
        } finally {
            process.destroyForcibly();
        }
    }
}
