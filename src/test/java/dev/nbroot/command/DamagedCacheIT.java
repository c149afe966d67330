package dev.nbroot.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nbroot.it.FaultState;
import dev.nbroot.it.SmallRoot;
import dev.nbroot.it.Thorough;
import dev.nbroot.it.TreeHash;
import dev.nbroot.report.Event;
import dev.nbroot.report.Events;
import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import dev.nbroot.system.Invocation;
import dev.nbroot.system.TreeRemoval;
import dev.nbroot.system.linux.LinuxCommands;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A cache that somebody damages, or deletes in the middle of a build: the root is that of an undisturbed build, or there
 * is a clean failure and the next build makes it.
 */
@Timeout(1800)
class DamagedCacheIT {
    /** Shell commands in the cache, and what the build says of them. */
    private static final List<String> DAMAGES = List.of(
            // Apt would believe a list as long as the archive says that nothing has changed.
            "rm -r selections/* && for f in lists/*/files/*_Packages; do sed -i 's/^Version: /&9/' $f; done",
            "for f in layers/packages-*/tree.tar; do printf X | dd of=$f bs=1 seek=9000000 conv=notrunc; done;"
                    + " for f in selections/*.json; do sed -i 's/\"less/\"more/; s/netbase/netbose/' $f; done",
            "for f in layers/initrd-*/tree.tar; do echo X >>$f; done",
            "rm -r selections/* && for f in lists/*/files/*_Packages; do truncate -s 100000 $f; done",
            "truncate -s 100000000 layers/packages-*/tree.tar && rm -r layers/initrd-*",
            "rm layers/packages-*/tree.tar",
            "find debs -name '*.deb' -size -9k -exec cp {} x \\; -exec mv x {} \\; -exec truncate -s 500 {} \\;"
                    + " && rm -r layers/*");

    /** What is deleted, and at the beginning of which step. */
    private static final List<List<String>> DELETIONS = List.of(
            List.of("save", "layers"),
            List.of("copy", "layers"),
            List.of("choose", "lists"),
            List.of("initramfs", "layers"),
            List.of("packages", "layers lists selections"),
            List.of("fetch", "debs lists selections layers"));

    @TempDir
    Path home;

    private final LinuxCommands commands = new LinuxCommands(Events.none());
    private FaultState site;
    private Path profile;
    private String undisturbed;

    @BeforeEach
    void prepare() throws IOException {
        Thorough.only();
        site = FaultState.empty(home);
        profile = SmallRoot.write(home, "small", "one", "");
        Path cache = Files.createDirectories(site.state().cache());
        Path shared = Files.createDirectories(FaultState.sharedCache().resolve("debs"));
        commands.run(Invocation.of("cp", "--archive", "--link", shared.toString(), cache.toString()));
        undisturbed = TreeHash.of(build("one", Events.none()).path());
    }

    @AfterEach
    void remove() throws Exception {
        if (site != null) {
            site.assertWhole();
            assertThat(site.unfinished()).isEmpty();
            site.close();
        }
    }

    /** Makes the root anew, though it may be up to date. */
    private BuildOutcome build(String hostname, Events events) throws IOException {
        SmallRoot.write(home, "small", hostname, "");
        if (Files.exists(site.state().roots())) {
            TreeRemoval.remove(site.state().roots());
        }
        return site.build(profile, events);
    }

    private void inCache(String script) {
        commands.run(Invocation.of("sh", "-ec", script).in(site.state().cache()));
    }

    @Test
    void whateverIsDamagedTheRootIsTheSame() throws IOException {
        for (String damage : DAMAGES) {
            inCache(damage);
            BuildOutcome outcome = build("one", Events.none());
            assertThat(TreeHash.of(outcome.path())).as(damage).isEqualTo(undisturbed);
        }
    }

    @Test
    void whateverIsDeletedMeanwhileTheRootIsTheSame() throws Exception {
        int failures = 0;
        for (List<String> deletion : DELETIONS) {
            Thread[] other = new Thread[1];
            Events deletes = event -> {
                if (event instanceof Event.StepStarted started
                        && started.step().equals(deletion.get(0))
                        && other[0] == null) {
                    other[0] = new Thread(() -> inCache("sleep 0.2; rm -rf " + deletion.get(1) + " || true"));
                    other[0].start();
                }
            };
            if (List.of("save", "packages", "fetch").contains(deletion.get(0))) {
                TreeRemoval.remove(site.state().cache().resolve("layers"));
            }
            try {
                BuildOutcome outcome = build("one", deletes);
                assertThat(TreeHash.of(outcome.path())).as("%s", deletion).isEqualTo(undisturbed);
            } catch (Failure failure) {
                failures++;
                System.out.println(deletion + ": " + failure.getMessage());
                assertThat(failure.kind()).as("%s", deletion).isIn(FailureKind.FAILED, FailureKind.COMMAND);
                assertThat(site.current("small")).isZero();
            }
            assertThat(other[0]).as("%s came", deletion).isNotNull();
            other[0].join();
        }
        System.out.println("the cache was deleted in " + DELETIONS.size() + " builds, " + failures + " failed");
        assertThat(TreeHash.of(build("one", Events.none()).path())).isEqualTo(undisturbed);
    }
}
