package dev.nbroot.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nbroot.report.Event;
import dev.nbroot.state.Generations;
import dev.nbroot.state.StateDirectory;
import dev.nbroot.state.TwoGenerations;
import dev.nbroot.system.linux.LinuxPosixFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What scripts get; src/test/resources/cli/diff.txt is what people see. */
class DiffGenerationsTest {
    @TempDir
    private Path directory;

    private final List<Event> events = new ArrayList<>();
    private StateDirectory state;
    private DiffGenerations diff;

    @BeforeEach
    void make() throws IOException {
        TwoGenerations.in(directory);
        state = new StateDirectory(directory);
        diff = new DiffGenerations(state, new LinuxPosixFiles(), events::add);
    }

    private DiffOutcome run(String from, String to) {
        return diff.run(new DiffRequest("sample", from, Optional.ofNullable(to)));
    }

    @Test
    void packagesAreComparedByVersionAndTellTheirSizes() {
        DiffOutcome.Packages packages = run("1", null).packages();
        assertThat(packages.added())
                .containsExactly(new DiffOutcome.PackageChange(
                        "less",
                        "amd64",
                        Optional.empty(),
                        Optional.of("590-2"),
                        Optional.empty(),
                        Optional.of(319_488L)));
        assertThat(packages.removed())
                .extracting(DiffOutcome.PackageChange::name)
                .containsExactly("nano");
        assertThat(packages.upgraded()).singleElement().satisfies(openssl -> {
            assertThat(openssl.from()).contains("3.0.15-1");
            assertThat(openssl.to()).contains("3.0.16-1");
            assertThat(openssl.growth()).isEqualTo(12 * 1024);
        });
        assertThat(packages.downgraded())
                .extracting(DiffOutcome.PackageChange::name)
                .containsExactly("tzdata");
    }

    @Test
    void everyFileIsThereWithWhatChanged() {
        DiffOutcome outcome = run("1", "2");
        DiffOutcome.FileChange closed = file(outcome, "/etc/closed");
        assertThat(closed.what()).containsExactly("mode");
        assertThat(closed.from())
                .hasValueSatisfying(from -> assertThat(from.mode()).isEqualTo("0644"));
        assertThat(closed.to()).hasValueSatisfying(to -> assertThat(to.mode()).isEqualTo("0600"));
        assertThat(file(outcome, "/etc/turned").to().orElseThrow().target()).contains("there");
        assertThat(file(outcome, "/usr/bin/less").ofPackage()).contains("less");
        assertThat(file(outcome, "/usr/bin/less").change()).isEqualTo("added");
        assertThat(file(outcome, "/usr/bin/nano").ofPackage()).contains("nano");
        assertThat(file(outcome, "/usr/bin/nano").to()).isEmpty();
        assertThat(outcome.totals().added()).isEqualTo(6);
        assertThat(outcome.files()).hasSize(16);
    }

    private static DiffOutcome.FileChange file(DiffOutcome outcome, String path) {
        return outcome.files().stream()
                .filter(change -> change.path().equals(path))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void twoNumbersNeedNoCurrentGeneration() throws IOException {
        Files.delete(state.root("sample").resolve("current"));
        assertThat(new Generations(state).current("sample")).isEmpty();
        assertThat(run("2", "1").from()).isEqualTo(2);
    }

    @Test
    void itIsOneStep() {
        run("1", "2");
        assertThat(events.get(0)).isEqualTo(new Event.StepStarted("compare", "Compare sample/1 with sample/2"));
        assertThat(events.get(events.size() - 1)).isInstanceOf(Event.StepFinished.class);
    }

    @Test
    void itChangesNothing() throws IOException {
        Path file = state.generation("sample", 1).manifest();
        Object before = Files.getLastModifiedTime(state.root("sample"));
        String manifest = Files.readString(file);
        run("1", "2");
        assertThat(Files.getLastModifiedTime(state.root("sample"))).isEqualTo(before);
        assertThat(file).hasContent(manifest);
    }
}
