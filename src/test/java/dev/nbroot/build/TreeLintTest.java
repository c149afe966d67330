package dev.nbroot.build;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TreeLintTest {
    @TempDir
    Path tree;

    @BeforeEach
    void makeTree() throws IOException {
        Files.setPosixFilePermissions(tree, PosixFilePermissions.fromString("rwxr-xr-x"));
        file("etc/machine-id", "");
    }

    private void file(String path, String text) throws IOException {
        Files.createDirectories(tree.resolve(path).getParent());
        Files.writeString(tree.resolve(path), text);
    }

    /** What is wrong, but for the owner of the top: these tests need not run as root. */
    private List<String> problems() {
        return new TreeLint(Optional.of("http://proxy.example.org:3128"))
                .problems(tree).stream()
                        .filter(problem -> !problem.contains("not 0:0"))
                        .toList();
    }

    @Test
    void aCleanTreeHasNone() {
        assertThat(problems()).isEmpty();
    }

    @Test
    void theModeOfTheTopCounts() throws IOException {
        Files.setPosixFilePermissions(tree, PosixFilePermissions.fromString("rwxrwxrwx"));
        assertThat(new TreeLint(Optional.empty()).problems(tree))
                .singleElement()
                .asString()
                .startsWith("/ is ")
                .contains("777");
    }

    @ParameterizedTest
    @CsvSource({
        "usr/sbin/policy-rc.d, it would keep services from starting",
        "etc/ssh/ssh_host_rsa_key, host keys must not be shared",
        "etc/ssh/ssh_host_ed25519_key.pub, host keys must not be shared",
        "var/lib/apt/lists/x_InRelease, package lists grow old",
        "var/cache/apt/archives/a_1_all.deb, packages are kept",
        "var/log/bootstrap.log, a log of the build",
        "etc/passwd-, a backup",
        "var/lib/systemd/random-seed, a seed must not be shared",
        "sbin/start-stop-daemon.REAL, still diverted",
    })
    void leftoversAreNamed(String path, String reason) throws IOException {
        file(path, "x");
        assertThat(problems()).singleElement().asString().contains(reason);
    }

    @Test
    void aMachineIdIsNamed() throws IOException {
        file("etc/machine-id", "0123456789abcdef0123456789abcdef\n");
        assertThat(problems()).containsExactly("/etc/machine-id is not an empty file");
        Files.delete(tree.resolve("etc/machine-id"));
        assertThat(problems()).containsExactly("/etc/machine-id is not an empty file");
    }

    @Test
    void anEntryForTheRootIsNamed() throws IOException {
        file("etc/fstab", "# a remark / here\nUUID=1 /srv ext4 defaults 0 0\n");
        assertThat(problems()).isEmpty();
        file("etc/fstab", "/dev/nfs\t/\tnfs defaults 0 0\n");
        assertThat(problems()).singleElement().asString().contains("/etc/fstab");
    }

    @Test
    void theProxyIsFound() throws IOException {
        file("etc/apt/apt.conf.d/01proxy", "Acquire::http::Proxy \"http://proxy.example.org:3128\";\n");
        assertThat(problems()).singleElement().asString().contains("01proxy");
    }

    @Test
    void linksOfTheTreeDoNotLeadToTheHost() throws IOException {
        // Followed on the host's side, this would find (or delete) the host's own keys.
        Path victim = Files.createTempDirectory("nbroot-victim");
        Files.writeString(victim.resolve("ssh_host_rsa_key"), "x");
        Files.createSymbolicLink(tree.resolve("etc/ssh"), victim);
        assertThat(problems()).isEmpty();
        Files.delete(victim.resolve("ssh_host_rsa_key"));
        Files.delete(victim);
    }
}
