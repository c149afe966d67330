package dev.nbroot.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.nbroot.client.RealContents;
import dev.nbroot.report.Events;
import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import dev.nbroot.state.ClientMode;
import dev.nbroot.state.ClientRecord;
import dev.nbroot.state.Generation;
import dev.nbroot.state.KeptDirectories;
import dev.nbroot.state.KeptDirectory;
import dev.nbroot.state.SampleState;
import dev.nbroot.system.MacAddress;
import dev.nbroot.system.StateLock;
import dev.nbroot.system.linux.LinuxPosixFiles;
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

/** {@code diff}, {@code reset} and {@code clients} of a stateless client that keeps directories on the server. */
class KeptUpkeepTest {
    private static final MacAddress MAC = MacAddress.parse("52:54:00:00:00:01");

    @TempDir
    private Path temporary;

    private SampleState state;
    private Generation generation;
    private ClientRecord client;

    @BeforeEach
    void aMachineThatHasWritten() throws IOException {
        state = new SampleState(temporary.resolve("state"));
        generation = state.publishKeeping("bookworm", "/home", "/srv/data");
        Files.writeString(generation.tree().resolve("home/seed"), "seed");
        client = new ClientRecord(
                MAC,
                "bookworm",
                1,
                "node1",
                "0123456789abcdef0123456789abcdef",
                ClientMode.STATELESS,
                Optional.empty(),
                OptionalInt.empty(),
                "2026-01-01T00:00:00Z");
        Files.createDirectories(state.directory().client(MAC));
        state.files().write(state.directory().client(MAC), client);
        for (String path : List.of("/home", "/srv/data", "/opt")) {
            RealContents.get().fill(kept(path), generation);
        }
        Files.writeString(kept("/home").directory().resolve("mine"), "12345");
        Files.delete(kept("/home").directory().resolve("seed"));
        Files.writeString(kept("/srv/data").directory().resolve("rows"), "rows");
        Files.writeString(kept("/opt").directory().resolve("left"), "left");
    }

    private KeptDirectory kept(String path) {
        return new KeptDirectories(state.directory()).of(MAC, Path.of(path));
    }

    private DiffOutcome diff() {
        return new DiffClient(state.directory(), new LinuxPosixFiles(), Events.none()).run(MAC.colons());
    }

    private ResetOutcome reset(String... paths) {
        KeptChanges changes = new KeptChanges(state.directory(), new LinuxPosixFiles(), names -> {});
        return new ResetKept(state.directory(), changes, RealContents.get(), Events.none())
                .run(client, List.of(paths).stream().map(Path::of).toList());
    }

    private static List<String> names(List<DiffOutcome.FileChange> changes) {
        return changes.stream()
                .filter(change -> !change.change().equals("changed"))
                .map(change -> change.change() + " " + change.path())
                .toList();
    }

    @Test
    void diffTellsWhatIsNotAsInTheGeneration() {
        assertThat(names(diff().files()))
                .containsExactlyInAnyOrder(
                        "added /home/mine", "removed /home/seed", "added /opt/left", "added /srv/data/rows");
        assertThat(diff().totals().bytes()).isEqualTo(5 - 4 + 4 + 4);
    }

    @Test
    void resetOfOnePathLeavesTheOthers() {
        ResetOutcome outcome = reset("/home");
        assertThat(names(outcome.dropped())).containsExactlyInAnyOrder("added /home/mine", "removed /home/seed");
        assertThat(kept("/home").directory().resolve("seed")).hasContent("seed");
        assertThat(kept("/home").directory().resolve("mine")).doesNotExist();
        assertThat(kept("/srv/data").directory().resolve("rows")).hasContent("rows");
        assertThat(outcome.kept()).isEqualTo(2);
    }

    @Test
    void resetOfEverythingTakesAwayWhatTheProfileDoesNotNameAnyMore() throws IOException {
        assertThat(reset().kept()).isZero();
        assertThat(names(diff().files())).isEmpty();
        assertThat(kept("/opt").directory()).doesNotExist();
        assertThat(kept("/srv/data").directory()).isEmptyDirectory();
        try (var left = Files.list(kept("/opt").directory().getParent())) {
            assertThat(left).hasSize(2);
        }
    }

    @Test
    void aMachineThatIsOnIsLeftAlone() {
        StateLock serving =
                StateLock.take(state.directory().lock(kept("/srv/data").lock()), "the server");
        try {
            assertThatExceptionOfType(Failure.class)
                    .isThrownBy(this::reset)
                    .withMessage("52:54:00:00:00:01 (node1) is on, or was a moment ago: /srv/data is being served")
                    .satisfies(failure -> assertThat(failure.kind()).isEqualTo(FailureKind.LOCKED));
        } finally {
            serving.close();
        }
        assertThat(kept("/home").directory().resolve("mine")).hasContent("12345");
    }

    @Test
    void aPathThatIsNotKeptIsRefused() {
        assertThatExceptionOfType(Failure.class)
                .isThrownBy(() -> reset("/home/ada"))
                .withMessage("the server keeps no /home/ada for 52:54:00:00:00:01 (node1)")
                .satisfies(failure -> assertThat(failure.hint()).contains("/home, /opt, /srv/data"));
    }

    @Test
    void itsFilesAreCountedAsItsOwn() {
        ClientsOutcome outcome =
                new ListClients(state.directory(), tree -> 4096, Events.none(), Clock.systemUTC()).run();
        assertThat(outcome.clients()).singleElement().satisfies(one -> {
            assertThat(one.mode()).isEqualTo("stateless");
            assertThat(one.delta()).contains(4096L);
        });
    }
}
