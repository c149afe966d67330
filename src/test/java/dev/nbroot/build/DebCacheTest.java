package dev.nbroot.build;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nbroot.state.StateDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DebCacheTest {
    @TempDir
    Path directory;

    private DebCache cache;
    private Path one;
    private Path two;

    @BeforeEach
    void makeBuilds() throws IOException {
        cache = new DebCache(new StateDirectory(directory.resolve("state")), "amd64");
        one = Files.createDirectory(directory.resolve("one"));
        two = Files.createDirectory(directory.resolve("two"));
    }

    @Test
    void whatOneBuildFetchedTheNextHas() throws IOException {
        cache.fill(one);
        Files.writeString(one.resolve("less_1_amd64.deb"), "less");
        Files.writeString(one.resolve("lock"), "");
        cache.keep(one);
        cache.fill(two);
        try (var files = Files.list(two)) {
            assertThat(files).extracting(file -> file.getFileName().toString()).containsExactly("less_1_amd64.deb");
        }
    }

    @Test
    void deletingInABuildLeavesTheCache() throws IOException {
        cache.fill(one);
        Files.writeString(one.resolve("less_1_amd64.deb"), "less");
        cache.keep(one);
        Files.delete(one.resolve("less_1_amd64.deb"));
        cache.keep(one);
        cache.fill(two);
        assertThat(two.resolve("less_1_amd64.deb")).hasContent("less");
    }

    @Test
    void aDroppedFileIsReplaced() throws IOException {
        cache.fill(one);
        Files.writeString(one.resolve("less_1_amd64.deb"), "lass");
        cache.keep(one);
        cache.fill(two);
        cache.drop(two, "less_1_amd64.deb");
        assertThat(two.resolve("less_1_amd64.deb")).doesNotExist();
        Files.writeString(two.resolve("less_1_amd64.deb"), "less");
        cache.keep(two);
        cache.drop(one, "less_1_amd64.deb");
        assertThat(one.resolve("less_1_amd64.deb")).doesNotExist();
        assertThat(directory.resolve("state/cache/archives/amd64/less_1_amd64.deb"))
                .hasContent("less");
    }

    @Test
    void twoBuildsMayKeepTheSame() throws IOException {
        cache.fill(one);
        cache.fill(two);
        Files.writeString(one.resolve("less_1_amd64.deb"), "less");
        Files.writeString(two.resolve("less_1_amd64.deb"), "less");
        cache.keep(one);
        cache.keep(two);
        assertThat(directory.resolve("state/cache/archives/amd64/less_1_amd64.deb"))
                .hasContent("less");
    }
}
