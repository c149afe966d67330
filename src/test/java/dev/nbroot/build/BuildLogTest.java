package dev.nbroot.build;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nbroot.report.Event;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BuildLogTest {
    @TempDir
    Path directory;

    private final List<Event> events = new ArrayList<>();

    private List<Event> log(Event... told) {
        try (BuildLog log = BuildLog.open(directory.resolve("build.log"), events::add)) {
            for (Event event : told) {
                log.on(event);
            }
        }
        return events;
    }

    @ParameterizedTest
    @CsvSource({
        "'Unpacking less (590-2) ...', Unpacking less",
        "'Setting up linux-image-amd64 (6.1) ...', Setting up linux-image-amd64",
        "'I: Extracting dash...', Extracting dash...",
        "'I: Retrieving dash 0.5', Retrieving dash",
        "'Get:3 http://m.example.org/debian bookworm/main amd64 less amd64 590-2 [131 kB]', Fetching less",
    })
    void linesBecomeProgress(String line, String progress) {
        assertThat(log(new Event.StepStarted("packages", "Install"), new Event.OutputLine("apt-get", line)))
                .contains(new Event.Progress("packages", progress));
    }

    @Test
    void packagesAreCountedOnceAptHasSaidHowMany() {
        log(
                new Event.StepStarted("packages", "Install"),
                new Event.OutputLine("apt-get", "1 upgraded, 2 newly installed, 0 to remove and 0 not upgraded."),
                new Event.OutputLine("apt-get", "Unpacking less (590-2) ..."),
                new Event.OutputLine("apt-get", "Unpacking dash (1) ..."),
                new Event.OutputLine("apt-get", "Setting up less (590-2) ..."),
                new Event.OutputLine("apt-get", "Processing triggers for libc-bin (2.36-9) ..."));
        assertThat(events.stream().filter(event -> event instanceof Event.Progress))
                .containsExactly(
                        counted("Unpacking less", 1),
                        counted("Unpacking dash", 2),
                        counted("Setting up less", 1),
                        new Event.Progress("packages", "Processing triggers for libc-bin"));
    }

    private static Event counted(String text, long done) {
        return new Event.Progress("packages", text, Optional.empty(), Optional.of(Event.Items.of("packages", done, 3)));
    }

    @Test
    void otherLinesDoNot() {
        assertThat(log(new Event.OutputLine("apt-get", "Reading package lists...")))
                .containsExactly(new Event.OutputLine("apt-get", "Reading package lists..."));
    }

    @Test
    void theFileHasEverything() {
        log(
                new Event.StepStarted("packages", "Install 3 packages"),
                new Event.OutputLine("apt-get", "Reading package lists..."),
                new Event.Notice(Event.Level.WARNING, "mind the gap"));
        assertThat(directory.resolve("build.log"))
                .hasContent("== Install 3 packages\napt-get: Reading package lists...\nmind the gap\n");
    }
}
