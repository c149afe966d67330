package dev.nbroot.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdentityFilesTest {
    @TempDir
    private Path tree;

    @Test
    void theNameReplacesTheRootsOwnLine() {
        assertThat(IdentityFiles.withName(
                        List.of(
                                "127.0.0.1 localhost",
                                "127.0.1.1 node.example.org node",
                                "::1 localhost",
                                "10.0.0.9 nas"),
                        new Hostname("pc.lab")))
                .isEqualTo("127.0.0.1 localhost\n127.0.1.1\tpc.lab pc\n::1 localhost\n10.0.0.9 nas\n");
    }

    @Test
    void aTreeWithoutHostsGetsThem() throws IOException {
        Files.createDirectories(tree.resolve("etc"));
        new IdentityFiles(tree).writeName(new Hostname("node1"));
        assertThat(tree.resolve("etc/hosts")).hasContent("127.0.0.1\tlocalhost\n127.0.1.1\tnode1\n");
        assertThat(tree.resolve("etc/hostname")).hasContent("node1\n");
    }

    @Test
    void linksAreResolvedInsideTheTree() throws IOException {
        Files.createDirectories(tree.resolve("etc"));
        Path outside = Files.createTempFile(tree.getParent(), "outside", "");
        Files.createSymbolicLink(tree.resolve("etc/machine-id"), outside);
        new IdentityFiles(tree).writeMachineId("0123456789abcdef0123456789abcdef");
        assertThat(outside).isEmptyFile();
        assertThat(tree.resolve(outside.toString().substring(1))).hasContent("0123456789abcdef0123456789abcdef\n");
        Files.delete(outside);
    }

    @Test
    void aFingerprintIsWhatSshShows() {
        // From: ssh-keygen -t ed25519, then ssh-keygen -l
        String key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIG8e6A/WqgE5hmTcIpafdKO1SVI5kEqoPS9i5OakR5nk root@node1\n";
        assertThat(HostKeys.fingerprint(key)).isEqualTo("SHA256:vE/4ohUSle1gGCO37yAgUIA5dRHw7JjkUaMubecq+pI");
    }
}
