package dev.nbroot.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nbroot.report.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkDirectoryTest {
    @TempDir
    Path directory;

    @Test
    void isEmptyAndGoesWhenClosed() throws IOException {
        Path root = directory.resolve("state/roots/bookworm");
        Files.createDirectories(root.resolve(".building/left"));
        try (WorkDirectory work = WorkDirectory.make(root, 1)) {
            assertThat(work.path()).hasParent(root).isEmptyDirectory();
        }
        assertThat(root).isEmptyDirectory();
    }

    @Test
    void nobodyElseGetsIntoTheRootsEvenIfTheyCouldBefore() throws IOException {
        Path roots = Files.createDirectories(directory.resolve("state/roots"));
        Files.setPosixFilePermissions(roots, PosixFilePermissions.fromString("rwxr-xr-x"));
        WorkDirectory.make(roots.resolve("bookworm"), 1).close();
        assertThat(Files.getPosixFilePermissions(roots)).isEqualTo(PosixFilePermissions.fromString("rwx------"));
    }

    @Test
    void aFullDiskLeavesNothing() {
        Path state = directory.resolve("state");
        assertThatThrownBy(() -> WorkDirectory.make(state.resolve("roots/bookworm"), Long.MAX_VALUE))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("no space: " + directory + " has");
        assertThat(state).doesNotExist();
    }
}
