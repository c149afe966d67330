package dev.nbroot.nfs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The Linux kernel's NFS client against our server, on an overlayfs view such as a client machine gets. The client is a
 * user-mode Linux, which is a real kernel as a process, in a network namespace together with the server.
 */
class NfsUmlIT {
    @Test
    void aLinuxMachineIsAtHomeOnIt(@TempDir Path work) throws Exception {
        UmlMachine.needed();
        UmlMachine.prepare(work, "guest.sh", "host.sh", "posix.py");

        List<String> lines = UmlMachine.run(work, Duration.ofMinutes(5));

        assertThat(lines).as("the script's last words").contains("checks done", "guest done");
        assertThat(lines).noneMatch(line -> line.startsWith("FAIL"));
        assertThat(lines.stream().filter(line -> line.startsWith("ok ")).count())
                .isGreaterThan(60);
        assertThat(lines).as("the server's own errors").noneMatch(line -> line.startsWith("failed"));
    }
}
