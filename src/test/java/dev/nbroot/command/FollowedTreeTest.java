package dev.nbroot.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nbroot.report.Events;
import dev.nbroot.stage.PxelinuxLoader;
import dev.nbroot.state.SampleState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FollowedTreeTest {
    @TempDir
    private Path scratch;

    private SampleState state;

    @BeforeEach
    void aRoot() throws IOException {
        state = new SampleState(scratch.resolve("state"));
        state.publish("bookworm");
    }

    private Path stage(String name) throws IOException {
        Path program = Files.writeString(scratch.resolve("pxelinux.0"), "the program");
        Path library = Files.writeString(scratch.resolve("ldlinux.c32"), "the library");
        Path tree = scratch.resolve(name);
        BareStage.of(state.directory(), any -> new PxelinuxLoader(program, library), Events.none(), Clock.systemUTC())
                .run(StageRequest.of(List.of(), tree, "192.0.2.1", Optional.empty()));
        return tree;
    }

    private Optional<String> caution(Path served) {
        return new FollowedTree(state.directory()).caution(served, "192.0.2.7");
    }

    @Test
    void onlyTheTreeThatWasStagedLastFollows() throws IOException {
        Path first = stage("first");
        assertThat(caution(first)).isEmpty();
        Path second = stage("second");
        assertThat(caution(second)).isEmpty();
        assertThat(caution(Files.createSymbolicLink(scratch.resolve("link"), second)))
                .isEmpty();
        assertThat(caution(first))
                .get()
                .asString()
                .contains(second + " was staged after it", "nbroot stage --tftp " + first + " --server 192.0.2.7");
        assertThat(new FollowedTree(state.directory()).caution(first, "0.0.0.0"))
                .get()
                .asString()
                .endsWith("--server 192.0.2.1");
        stage("first");
        assertThat(caution(first)).isEmpty();
        assertThat(caution(second)).isPresent();
    }

    @Test
    void nothingIsSaidOfATreeThatIsNotNbroots() throws IOException {
        Path other = Files.createDirectory(scratch.resolve("other"));
        assertThat(caution(other)).isEmpty();
        stage("first");
        assertThat(caution(other)).isEmpty();
    }
}
