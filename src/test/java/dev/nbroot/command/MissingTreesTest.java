package dev.nbroot.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nbroot.client.NewSharedTree;
import dev.nbroot.client.RealContents;
import dev.nbroot.serve.Rehearsed;
import dev.nbroot.state.ClientMode;
import dev.nbroot.state.ClientRecord;
import dev.nbroot.state.Generation;
import dev.nbroot.state.KeptDirectory;
import dev.nbroot.state.Manifest;
import dev.nbroot.state.SampleState;
import dev.nbroot.state.SharedTree;
import dev.nbroot.system.MacAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MissingTreesTest {
    private static final MacAddress MAC = MacAddress.parse("52:54:00:00:00:01");

    @TempDir
    private Path temporary;

    private SampleState state;
    private MissingTrees missing;

    @BeforeEach
    void setUp() {
        state = new SampleState(temporary.resolve("state"));
        missing = new MissingTrees(
                state.directory(), new NewSharedTree(state.directory(), RealContents.ground(), Clock.systemUTC()));
    }

    private static ClientRecord client(ClientMode mode) {
        return new ClientRecord(
                MAC,
                "bookworm",
                1,
                "node1",
                "0123456789abcdef0123456789abcdef",
                mode,
                Optional.empty(),
                OptionalInt.empty(),
                "2026-01-01T00:00:00Z");
    }

    @Test
    void ofAStatelessClientTheDirectoriesThatItKeeps() throws IOException {
        Generation generation = state.publishKeeping("bookworm", "/home", "/srv/data");
        Files.createDirectories(state.directory().client(MAC).resolve("persist/home"));

        Rehearsed found = missing.of(generation, Optional.of(client(ClientMode.STATELESS)));

        assertThat(found.kept()).extracting(KeptDirectory::path).containsExactly(Path.of("/srv/data"));
        assertThat(missing.of(generation, Optional.of(client(ClientMode.PERSISTENT))))
                .isEqualTo(Rehearsed.NOTHING);
        assertThat(missing.of(generation, Optional.empty())).isEqualTo(Rehearsed.NOTHING);
    }

    @Test
    void ofAMachineThatNobodyKnowsTheSharedTreeUntilItIsThere() throws IOException {
        Generation generation = state.publish("desk", new Manifest.Boot("shared", List.of("ttyS0"), List.of()));

        ClientRecord tree = missing.of(generation, Optional.empty()).clients().get(0);

        assertThat(tree.mode()).isEqualTo(ClientMode.SHARED);
        assertThat(tree.hostname()).isEqualTo("desk");
        assertThat(state.directory().client(tree.mac())).doesNotExist();

        Files.createDirectories(state.directory().client(SharedTree.card("desk")));
        state.files().write(state.directory().client(tree.mac()), tree);
        assertThat(missing.of(generation, Optional.empty())).isEqualTo(Rehearsed.NOTHING);
    }
}
