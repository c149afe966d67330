package dev.nbroot.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.nbroot.it.FaultState;
import dev.nbroot.it.SmallRoot;
import dev.nbroot.report.Event;
import dev.nbroot.report.Events;
import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What hooks leave behind, or do not end with, stays neither on the host nor in the root. */
@Timeout(600)
class LeftByHooksIT {
    @TempDir
    Path home;

    private FaultState site;

    @BeforeEach
    void prepare() throws IOException {
        site = FaultState.sharing(home);
    }

    @AfterEach
    void nothingIsLeft() throws Exception {
        if (site != null) {
            site.assertWhole();
            assertThat(site.unfinished()).isEmpty();
            site.close();
        }
    }

    private static Event warning(String text) {
        return new Event.Notice(Event.Level.WARNING, text);
    }

    @Test
    void daemonsAndMountsEndBeforeTheInitrdIsMade() throws IOException {
        Path profile = SmallRoot.write(home, "small", "left", """
                hooks:
                  customize:
                    - {run: "sleep 3001 &", chroot: true}
                    - "sleep 3002 &"
                    - "mount -t tmpfs hook $1/srv && touch $1/srv/gone"
                    - {run: "mount -t tmpfs hook /etc/initramfs-tools/conf.d && echo BOOT=gone >/etc/initramfs-tools/conf.d/x", chroot: true}
                """);
        List<Event> events = new CopyOnWriteArrayList<>();
        long begin = System.nanoTime();
        BuildOutcome outcome = site.build(profile, events::add);
        assertThat(System.nanoTime() - begin)
                .as("nobody waits until the end of their output")
                .isLessThan(TimeUnit.SECONDS.toNanos(300));
        Path building = site.state().root("small").resolve(".building/out/root");
        String mounted = "a hook has left this mounted, what is on it is not part of the root: ";
        assertThat(events)
                .contains(warning("a package or hook has left this running: sleep 3001"))
                .contains(warning(mounted + building + "/srv"))
                .contains(warning(mounted + building + "/etc/initramfs-tools/conf.d"));
        assertThat(outcome.path().resolve("srv")).isEmptyDirectory();
        assertThat(outcome.path().resolve("etc/initramfs-tools/conf.d/x")).doesNotExist();
    }

    @Test
    void aFullRunIsAFailureAndNotALockedUpBuild() throws IOException {
        Path profile = SmallRoot.write(home, "small", "run", """
                hooks:
                  customize:
                    - {run: "mount -o remount,size=1m /run && head -c 2M /dev/zero >/run/big || true", chroot: true}
                """);
        Failure failure = catchThrowableOfType(Failure.class, () -> site.build(profile, Events.none()));
        assertThat(failure.kind()).isEqualTo(FailureKind.FAILED);
        assertThat(failure).hasMessageContaining("/run/nbroot").hasMessageContaining("No space left on device");
        assertThat(site.current("small")).isZero();
    }

    @Test
    void aHookInTheRootThatHangsIsEndedWithAllItsChildren() throws IOException {
        Path profile = SmallRoot.write(
                home,
                "small",
                "hang",
                "hooks: {customize: [{run: \"sleep 3003 & setsid sleep 3004 & sleep 3005\", chroot: true, timeout: 2s}]}\n");
        Failure failure = catchThrowableOfType(Failure.class, () -> site.build(profile, Events.none()));
        assertThat(failure.kind()).isEqualTo(FailureKind.COMMAND);
        assertThat(failure).hasMessageContaining("customize hook").hasMessageContaining("did not end within 2 s");
    }
}
