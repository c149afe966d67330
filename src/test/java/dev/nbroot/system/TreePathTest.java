package dev.nbroot.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nbroot.report.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TreePathTest {
    @TempDir
    private Path tree;

    @Test
    void anAbsoluteLinkStaysInsideTheTree() throws IOException {
        Files.createDirectories(tree.resolve("etc"));
        Files.createSymbolicLink(tree.resolve("etc/resolv.conf"), Path.of("/run/systemd/resolve/stub-resolv.conf"));

        assertThat(TreePath.resolve(tree, Path.of("/etc/resolv.conf")))
                .isEqualTo(tree.resolve("run/systemd/resolve/stub-resolv.conf"));
    }

    @Test
    void dotsCannotClimbOut() throws IOException {
        Files.createSymbolicLink(tree.resolve("out"), Path.of("../../../srv"));

        assertThat(TreePath.resolve(tree, Path.of("../../etc/passwd"))).isEqualTo(tree.resolve("etc/passwd"));
        assertThat(TreePath.resolve(tree, Path.of("out/passwd"))).isEqualTo(tree.resolve("srv/passwd"));
    }

    @Test
    void linksInTheMiddleAreFollowed() throws IOException {
        Files.createDirectories(tree.resolve("usr/lib"));
        Files.createSymbolicLink(tree.resolve("lib"), Path.of("usr/lib"));

        assertThat(TreePath.resolve(tree, Path.of("/lib/modules"))).isEqualTo(tree.resolve("usr/lib/modules"));
    }

    @Test
    void aLoopEndsInAFailure() throws IOException {
        Files.createSymbolicLink(tree.resolve("a"), Path.of("b"));
        Files.createSymbolicLink(tree.resolve("b"), Path.of("a"));

        assertThatThrownBy(() -> TreePath.resolve(tree, Path.of("a/x"))).isInstanceOf(Failure.class);
    }
}
