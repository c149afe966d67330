package dev.nbroot.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nbroot.it.FaultState;
import dev.nbroot.it.ForkedBuild;
import dev.nbroot.it.SmallRoot;
import dev.nbroot.it.Thorough;
import dev.nbroot.it.TreeHash;
import dev.nbroot.report.Events;
import dev.nbroot.system.TreeRemoval;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * SIGKILL at every step boundary and at random instants leaves no mount, no process and no half generation; the next build
 * succeeds, and makes what an undisturbed one makes. {@code -Dnbroot.thorough=true} kills more often, and cold builds too.
 */
@Timeout(3600)
class KilledBuildIT {
    private static final int KILLS = Thorough.kills();
    private static final List<String> COLD = Thorough.first(
            2, List.of("bootstrap", "save", "fetch", "copy", "sources", "packages", "configure", "initramfs", "write"));
    private static final List<String> WARM =
            Thorough.first(3, List.of("copy", "initramfs", "write", "choose", "check", "mirror", "configure", "clean"));

    @TempDir
    Path home;

    private FaultState site;
    private Path profile;
    private int builds;

    @BeforeEach
    void prepare() throws IOException {
        site = FaultState.withoutLayers(home);
        profile = SmallRoot.write(home, "small", "one", "");
    }

    @AfterEach
    void remove() {
        if (site != null) {
            site.close();
        }
    }

    @Test
    void atEveryStepBoundary() throws Exception {
        for (String step : COLD) {
            killAt(step, 0);
        }
        assertThat(TreeHash.of(site.build(profile, Events.none()).path())).isEqualTo(undisturbed());
        SmallRoot.write(home, "small", "two", "");
        for (String step : WARM) {
            killAt(step, 1);
        }
        BuildOutcome last = site.build(profile, Events.none());
        assertThat(last.generation()).isEqualTo(2);
        assertThat(site.unfinished()).isEmpty();
        assertThat(TreeHash.of(last.path())).isEqualTo(undisturbed());
        SmallRoot.write(home, "small", "three", "");
        killAt("check", 2);
        SmallRoot.write(home, "small", "two", "");
        assertThat(site.build(profile, Events.none()).upToDate()).isTrue();
        assertThat(site.unfinished())
                .as("what a killed build leaves is not kept for long")
                .isEmpty();
    }

    private String undisturbed() throws IOException {
        try (FaultState other = FaultState.sharing(home)) {
            return TreeHash.of(other.build(profile, Events.none()).path());
        }
    }

    private void killAt(String step, int current) throws Exception {
        ForkedBuild build = site.fork(profile);
        int status = build.follow(line -> {
            if (line.startsWith("StepStarted[step=" + step + ",")) {
                build.kill();
            }
        });
        assertThat(status).as("%s: %s", step, build.lines()).isEqualTo(137);
        site.assertWhole();
        assertThat(site.current("small")).isEqualTo(current);
    }

    @Test
    void atRandomInstants() throws Exception {
        long seed = Long.getLong("nbroot.seed", System.nanoTime());
        System.out.println("killing " + KILLS + " builds; -Dnbroot.seed=" + seed);
        Random random = new Random(seed);
        long cold = timed();
        long warm = timed();
        int killed = 0;
        for (int i = 0; i < KILLS; i++) {
            boolean anew = Thorough.all() && i % 5 == 0;
            if (anew) {
                TreeRemoval.remove(site.state().cache().resolve("layers"));
            }
            next();
            int before = site.current("small");
            ForkedBuild build = site.fork(profile);
            long wait = (long) (random.nextDouble() * (anew ? cold : warm));
            if (!build.process().waitFor(wait, TimeUnit.MILLISECONDS)) {
                build.kill();
                killed++;
            }
            int status = build.follow();
            site.assertWhole();
            // It may have been faster, or be killed between its last two lines.
            assertThat(site.current("small"))
                    .as("after %s: %s", status, build.lines())
                    .isBetween(before, before + 1);
            assertThat(site.build(profile, Events.none()).generation()).isGreaterThanOrEqualTo(before + 1);
            assertThat(site.unfinished()).as("after %s", build.lines()).isEmpty();
        }
        System.out.println(killed + " of " + KILLS + " builds were killed, " + builds + " succeeded");
        assertThat(killed).isGreaterThan(KILLS / 2);
        String hash = TreeHash.of(site.build(profile, Events.none()).path());
        try (FaultState other = FaultState.sharing(home)) {
            assertThat(hash)
                    .isEqualTo(TreeHash.of(other.build(profile, Events.none()).path()));
        }
    }

    /** {@return how many milliseconds an undisturbed build in another process takes} */
    private long timed() throws Exception {
        next();
        long begin = System.nanoTime();
        ForkedBuild build = site.fork(profile);
        assertThat(build.follow()).as("%s", build.lines()).isZero();
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
    }

    private void next() throws IOException {
        builds++;
        // Old generations would fill the disk.
        int current = site.current("small");
        for (int old = 1; old < current; old++) {
            Path generation = site.state().generation("small", old).directory();
            if (Files.exists(generation)) {
                TreeRemoval.remove(generation);
            }
        }
        SmallRoot.write(home, "small", "node" + builds, "");
    }
}
