package dev.nbroot.system.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.nbroot.report.Event;
import dev.nbroot.report.Events;
import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import dev.nbroot.system.Commands;
import dev.nbroot.system.Invocation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class LinuxCommandsTest {
    private final List<Event> events = new CopyOnWriteArrayList<>();
    private final Commands commands = new LinuxCommands(events::add);

    private Failure failure(Invocation invocation) {
        return catchThrowableOfType(Failure.class, () -> commands.run(invocation));
    }

    private static Invocation shell(String script) {
        return Invocation.of("sh", "-c", script);
    }

    @Test
    void standardOutputIsTheResultAndEverythingIsTold() {
        Commands.Result result = commands.run(shell("echo one; echo two >&2; echo three"));
        assertThat(result.status()).isZero();
        assertThat(result.lines()).containsExactly("one", "three");
        assertThat(events)
                .containsExactlyInAnyOrder(
                        new Event.OutputLine("sh", "one"),
                        new Event.OutputLine("sh", "two"),
                        new Event.OutputLine("sh", "three"));
    }

    @Test
    void nothingOfTheCallersEnvironmentIsPassedOn() {
        assertThat(commands.run(Invocation.of("env").with("OWN", "yes")).lines())
                .containsExactlyInAnyOrder(
                        "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
                        "HOME=/root",
                        "LC_ALL=C.UTF-8",
                        "TERM=dumb",
                        "TMPDIR=/tmp",
                        "OWN=yes");
    }

    @Test
    void inputIsWhatWasGivenOrNothing() {
        assertThat(commands.run(Invocation.of("cat").reading("a\nb\n")).lines()).containsExactly("a", "b");
        assertThat(commands.run(Invocation.of("cat")).lines()).isEmpty();
    }

    @Test
    void aFailureHasTheQuotedCommandAndItsLastLines() {
        Failure failure = failure(shell("echo reason >&2; exit 3"));
        assertThat(failure.kind()).isEqualTo(FailureKind.COMMAND);
        assertThat(failure).hasMessage("sh failed (exit status 3)");
        assertThat(failure.command()).contains("sh -c 'echo reason >&2; exit 3'");
        assertThat(failure.details()).containsExactly("reason");
    }

    @Test
    void aFailureDoesNotShowWhatWasRead() {
        Failure failure = failure(shell("exit 1").reading("secret\n").with("TOKEN", "secret"));
        assertThat(failure.getMessage() + failure.details() + failure.command()).doesNotContain("secret");
    }

    @Test
    void norAPasswordInAnAddress() {
        Failure failure = failure(Invocation.of("false", "-o", "Proxy=http://ada:secret@proxy.example.org:3128/"));
        assertThat(failure.command()).contains("false -o 'Proxy=http://***@proxy.example.org:3128/'");
    }

    @Test
    void acceptedStatusesAreNoFailure() {
        assertThat(commands.run(shell("exit 2").accepting(0, 2)).status()).isEqualTo(2);
    }

    @Test
    void aMissingProgramIsTold() {
        Failure failure = failure(Invocation.of("nbroot-no-such-program"));
        assertThat(failure.kind()).isEqualTo(FailureKind.COMMAND);
        assertThat(failure).hasMessageContaining("nbroot-no-such-program");
    }

    @Test
    void muchOutputOnBothStreamsDoesNotBlock() {
        Commands.Result result =
                commands.run(shell("i=0; while [ $i -lt 20000 ]; do echo out $i; echo err $i >&2; i=$((i+1)); done"));
        assertThat(result.lines()).hasSize(20000).last().isEqualTo("out 19999");
    }

    @Test
    void outputThatIsTakenSlowlyIsTakenToItsEnd() {
        Commands slow = new LinuxCommands(
                event -> LockSupport.parkNanos(Duration.ofMillis(200).toNanos()), Duration.ofMillis(50));
        assertThat(slow.run(shell("seq 1 10")).lines()).hasSize(10).last().isEqualTo("10");
    }

    @Test
    void aDaemonThatKeepsTheOutputOpenIsNotWaitedFor() {
        Commands hasty = new LinuxCommands(Events.none(), Duration.ofMillis(100));
        long begin = System.nanoTime();
        assertThat(hasty.run(shell("sleep 30 & echo $!")).lines())
                .singleElement()
                .satisfies(pid -> ProcessHandle.of(Long.parseLong(pid)).ifPresent(ProcessHandle::destroyForcibly));
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(20));
    }

    @Test
    void onlyTheLastLinesAreKept() {
        Failure failure = failure(shell("seq 1 1000; exit 1"));
        assertThat(failure.details()).hasSize(25).last().isEqualTo("1000");
    }

    @Test
    void aDeadlineEndsTheWholeFamily(@TempDir Path directory) throws Exception {
        Path pid = directory.resolve("pid");
        long begin = System.nanoTime();
        Failure failure =
                failure(shell("sh -c 'echo $$ >" + pid + "; sleep 300' & wait").within(Duration.ofMillis(700)));
        assertThat(failure).hasMessageContaining("did not end within");
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(20));
        assertGone(Long.parseLong(Files.readString(pid).strip()));
    }

    @Test
    void anInterruptEndsTheCommand() throws Exception {
        BlockingQueue<Failure> caught = new LinkedBlockingQueue<>();
        BlockingQueue<String> lines = new LinkedBlockingQueue<>();
        Commands telling = new LinuxCommands(event -> lines.add(((Event.OutputLine) event).line()));
        Thread thread = new Thread(() -> {
            try {
                telling.run(shell("echo $$; exec sleep 300"));
            } catch (Failure failure) {
                caught.add(failure);
            }
        });
        thread.start();
        long pid = Long.parseLong(lines.poll(20, TimeUnit.SECONDS));
        thread.interrupt();
        assertThat(caught.poll(20, TimeUnit.SECONDS)).extracting(Failure::kind).isEqualTo(FailureKind.INTERRUPTED);
        assertGone(pid);
    }

    @Test
    void closingEndsARunningCommandAndItsChildren() throws Exception {
        BlockingQueue<String> lines = new LinkedBlockingQueue<>();
        long child;
        try (Commands.Running running =
                commands.start(shell("trap '' TERM; sleep 300 & echo $!; wait; sleep 300"), lines::add)) {
            child = Long.parseLong(lines.poll(20, TimeUnit.SECONDS));
            assertThat(running.isAlive()).isTrue();
            assertThat(running.waitFor(50)).isFalse();
        }
        assertGone(child);
    }

    @Test
    void aCommandThatEndedTellsItsStatus() {
        try (Commands.Running running = commands.start(shell("exit 7"), line -> {})) {
            assertThat(running.waitFor(20_000)).isTrue();
            assertThat(running.status()).isEqualTo(7);
        }
    }

    private static void assertGone(long pid) throws InterruptedException {
        for (int i = 0;
                i < 100 && ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
                i++) {
            Thread.sleep(50);
        }
        assertThat(ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false))
                .as("process %d lives", pid)
                .isFalse();
    }
}
