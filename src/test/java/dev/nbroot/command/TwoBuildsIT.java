package dev.nbroot.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nbroot.it.FaultState;
import dev.nbroot.it.ForkedBuild;
import dev.nbroot.it.SmallRoot;
import dev.nbroot.it.TreeHash;
import dev.nbroot.state.Generations;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Builds of different roots with the same packages, at the same time, over an empty cache. */
@Timeout(900)
class TwoBuildsIT {
    @TempDir
    Path home;

    @Test
    void theyDoNotDisturbEachOther() throws Exception {
        try (FaultState site = FaultState.withoutLayers(home)) {
            List<Path> profiles =
                    List.of(SmallRoot.write(home, "left", "same", ""), SmallRoot.write(home, "right", "same", ""));
            ExecutorService threads = Executors.newFixedThreadPool(profiles.size());
            List<Future<List<String>>> builds = new ArrayList<>();
            for (Path profile : profiles) {
                ForkedBuild build = site.fork(profile);
                builds.add(threads.submit(() -> {
                    build.follow();
                    return build.lines();
                }));
            }
            for (Future<List<String>> build : builds) {
                assertThat(build.get()).last().asString().startsWith("BuildOutcome[");
            }
            threads.shutdown();
            Generations generations = new Generations(site.state());
            assertThat(TreeHash.of(generations.require("left").tree()))
                    .isEqualTo(TreeHash.of(generations.require("right").tree()));
            site.assertWhole();
            assertThat(site.unfinished()).isEmpty();
        }
    }
}
