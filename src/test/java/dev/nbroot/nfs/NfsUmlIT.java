package dev.nbroot.nfs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nbroot.it.Needs;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The Linux kernel's NFS client against our server, on an overlayfs view such as a client machine gets. The client is a
 * user-mode Linux, which is a real kernel as a process, in a network namespace together with the server.
 */
class NfsUmlIT {
    private static final Path KERNEL = Path.of("/usr/bin/linux.uml");
    private static final Path MODULES = Path.of("/usr/lib/uml/modules");
    private static final Path BUSYBOX = Path.of("/usr/bin/busybox");
    private static final long MINUTES = 5;

    @Test
    void aLinuxMachineIsAtHomeOnIt(@TempDir Path work) throws Exception {
        Needs.root();
        Needs.file(KERNEL, "user-mode-linux");
        Needs.file(BUSYBOX, "busybox-static");
        Needs.programs("python3");
        Needs.that(Files.exists(Path.of("/dev/net/tun")), "needs /dev/net/tun");
        for (String file : List.of("guest.sh", "host.sh", "posix.py")) {
            try (InputStream in = NfsUmlIT.class.getResourceAsStream("/nfs/" + file)) {
                Files.copy(in, work.resolve(file));
            }
        }
        Files.write(work.resolve("initrd"), InitialRamDisk.make(MODULES, BUSYBOX));

        List<String> lines = run(
                work,
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
                System.getProperty("java.class.path"));

        assertThat(lines).as("the script's last words").contains("checks done", "guest done");
        assertThat(lines).noneMatch(line -> line.startsWith("FAIL"));
        assertThat(lines.stream().filter(line -> line.startsWith("ok ")).count())
                .isGreaterThan(60);
        assertThat(lines).as("the server's own errors").noneMatch(line -> line.startsWith("failed"));
    }

    private static List<String> run(Path work, String... command) throws IOException, InterruptedException {
        Path log = work.resolve("log");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            boolean ended = process.waitFor(MINUTES, TimeUnit.MINUTES);
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
