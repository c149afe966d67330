package dev.nbroot.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nbroot.it.BuildHarness;
import dev.nbroot.it.FaultState;
import dev.nbroot.it.SmallRoot;
import dev.nbroot.report.Event;
import dev.nbroot.system.Host;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A root that is larger than it was estimated fills its tmpfs: then it is built again on disk, with a warning. */
@Timeout(600)
class FullMemoryIT {
    @TempDir
    Path home;

    @TempDir
    Path machine;

    /** This machine, but for how much memory it says it has: just enough for the estimate. */
    private Host host() throws IOException {
        try (Stream<Path> top = Files.list(Path.of("/"))) {
            for (Path each : top.toList()) {
                if (!each.endsWith("proc")) {
                    Files.createSymbolicLink(machine.resolve(each.getFileName()), each);
                }
            }
        }
        Path proc = Files.createDirectories(machine.resolve("proc/self"));
        Files.copy(Path.of("/proc/self/status"), proc.resolve("status"));
        Files.writeString(machine.resolve("proc/meminfo"), "MemAvailable: " + 1900 * 1024 + " kB\n");
        return new Host(machine);
    }

    @Test
    void aRootThatDoesNotFitIsBuiltOnDisk() throws Exception {
        try (FaultState site = FaultState.withoutLayers(home)) {
            String fills = "if findmnt --types tmpfs --mountpoint $1; then head -c 2G /dev/zero >$1/big; fi";
            Path profile = SmallRoot.write(home, "small", "one", "hooks: {setup: [\"" + fills + "\"]}\n");
            List<Event> events = new CopyOnWriteArrayList<>();
            BuildOutcome outcome = BuildHarness.over(site.state().path(), home, events::add, host())
                    .run(BuildRequest.of(profile));
            assertThat(events)
                    .contains(new Event.Notice(Event.Level.DETAIL, "building in memory"))
                    .contains(new Event.Notice(
                            Event.Level.WARNING, "the root does not fit in memory; building it again on disk"));
            assertThat(outcome.path().resolve("big")).doesNotExist();
            assertThat(outcome.path().resolve("usr/bin/dpkg")).exists();
            site.assertWhole();
            assertThat(site.unfinished()).isEmpty();
        }
    }
}
