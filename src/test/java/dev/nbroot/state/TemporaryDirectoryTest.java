package dev.nbroot.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TemporaryDirectoryTest {
    @TempDir
    private Path top;

    private StateDirectory state;

    @BeforeEach
    void prepare() {
        state = new StateDirectory(top.resolve("state"));
    }

    private List<String> cache() throws IOException {
        try (Stream<Path> entries = Files.list(state.cache())) {
            return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void itGoesWithAllThatIsInIt() throws IOException {
        try (TemporaryDirectory one = TemporaryDirectory.make(state, "test");
                TemporaryDirectory other = TemporaryDirectory.make(state, "test")) {
            Files.writeString(Files.createDirectory(one.path().resolve("below")).resolve("file"), "text");
            assertThat(other.path()).isNotEqualTo(one.path()).isEmptyDirectory();
            TemporaryDirectory.clear(state);
            assertThat(one.path().resolve("below/file")).exists();
        }
        assertThat(cache()).isEmpty();
    }

    @Test
    void nothingButWhatKilledCommandsLeaveIsCleared() throws IOException {
        TemporaryDirectory.clear(state);
        Files.createDirectories(state.cache().resolve("temporary-test-999999999-1/below"));
        Files.createDirectories(state.cache().resolve("temporary-mine"));
        Files.createDirectories(state.cache().resolve("debs"));
        TemporaryDirectory.clear(state);
        assertThat(cache()).containsExactly("debs", "temporary-mine");
    }

    /** Another process, which says where its directory is and waits. */
    static final class Owner {
        private Owner() {}

        public static void main(String[] words) throws IOException {
            TemporaryDirectory made = TemporaryDirectory.make(new StateDirectory(Path.of(words[0])), "test");
            Files.writeString(made.path().resolve("file"), "text");
            System.out.println(made.path());
            int end = System.in.read();
            assertThat(end).isNegative();
        }
    }

    @Test
    void whatAProcessHasIsThereUntilItIsKilled() throws IOException, InterruptedException {
        Process owner = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin/java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Owner.class.getName(),
                        state.path().toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            byte[] said = new byte[1000];
            int length = owner.getInputStream().read(said);
            Path directory = Path.of(new String(said, 0, length, StandardCharsets.UTF_8).strip());
            TemporaryDirectory.clear(state);
            TemporaryDirectory.make(state, "test").close();
            assertThat(directory.resolve("file")).hasContent("text");

            owner.destroyForcibly().waitFor();
            assertThat(directory.resolve("file")).hasContent("text");
            TemporaryDirectory.make(state, "other").close();
            assertThat(cache()).isEmpty();
        } finally {
            owner.destroyForcibly().waitFor();
        }
    }
}
