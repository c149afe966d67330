package dev.nbroot.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nbroot.report.Event;
import dev.nbroot.report.Events;
import dev.nbroot.state.ClientMode;
import dev.nbroot.state.ClientRecord;
import dev.nbroot.state.KeptDirectories;
import dev.nbroot.state.KeptDirectory;
import dev.nbroot.state.StateDirectory;
import dev.nbroot.state.StateFiles;
import dev.nbroot.system.MacAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServedStateTest {
    private static final MacAddress A = MacAddress.parse("52:54:00:00:00:0a");
    private static final MacAddress B = MacAddress.parse("52:54:00:00:00:0b");

    @TempDir
    private Path directory;

    private final AtomicLong nanos = new AtomicLong();
    private final List<String> warnings = new ArrayList<>();
    private StateDirectory state;
    private ServedState served;

    @BeforeEach
    void twoClientsAndAGeneration() throws IOException {
        state = new StateDirectory(directory);
        client(A, "a");
        client(B, "b");
        Files.createDirectories(state.generation("bookworm", 1).tree());
        served = new ServedState(
                state,
                event -> {
                    if (event instanceof Event.Notice notice) {
                        warnings.add(notice.text());
                    }
                },
                nanos::get);
    }

    @Test
    void aDamagedFileTakesNothingFromTheOthers() throws IOException {
        assertThat(served.now().clients()).extracting(ClientRecord::hostname).containsExactly("a", "b");
        Files.writeString(state.client(A).resolve("client.yaml"), "mac: [");
        later();

        assertThat(served.now().clients()).extracting(ClientRecord::hostname).containsExactly("b");
        assertThat(served.now().generations()).hasSize(1);
        later();
        served.now();
        assertThat(warnings).hasSize(1).first().asString().contains("client.yaml");
    }

    @Test
    void aGenerationIsServedAlsoWhenNoneIsCurrent() throws IOException {
        Files.createSymbolicLink(state.root("bookworm").resolve("current"), Path.of("nonsense"));

        assertThat(served.now().generations()).hasSize(1);
        assertThat(warnings).isEmpty();
    }

    @Test
    void whatIsNewIsSeenAfterASecond() throws IOException {
        assertThat(served.now().clients()).hasSize(2);
        client(MacAddress.parse("52:54:00:00:00:0c"), "c");
        assertThat(served.now().clients()).hasSize(2);
        later();

        assertThat(served.now().clients()).hasSize(3);
    }

    @Test
    void nothingChangedIsTheSameAnswer() {
        ServedState.Snapshot before = served.now();
        later();

        assertThat(served.now()).isSameAs(before);
    }

    private void later() {
        nanos.addAndGet(Duration.ofSeconds(2).toNanos());
    }

    private void client(MacAddress mac, String hostname) throws IOException {
        Files.createDirectories(state.client(mac));
        new StateFiles(state).write(state.client(mac), record(mac, hostname, ClientMode.PERSISTENT));
    }

    private static ClientRecord record(MacAddress mac, String hostname, ClientMode mode) {
        return new ClientRecord(
                mac,
                "bookworm",
                1,
                hostname,
                "0123456789abcdef0123456789abcdef",
                mode,
                Optional.empty(),
                OptionalInt.empty(),
                "2026-01-01T00:00:00Z");
    }

    @Test
    void whatIsRehearsedIsServedThoughItIsNotThere() {
        ClientRecord other = record(B, "rehearsed", ClientMode.STATELESS);
        KeptDirectory kept = new KeptDirectories(state).of(B, Path.of("/home"));
        ServedState both =
                new ServedState(state, new Rehearsed(List.of(other), List.of(kept)), Events.none(), nanos::get);
        assertThat(both.now().clients()).extracting(ClientRecord::hostname).containsExactly("a", "rehearsed");
        assertThat(both.now().kept()).containsExactly(new ServedState.Kept(other, kept));
    }
}
