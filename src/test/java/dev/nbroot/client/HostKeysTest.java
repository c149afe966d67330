package dev.nbroot.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import dev.nbroot.system.Commands;
import dev.nbroot.system.Invocation;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostKeysTest {
    @TempDir
    private Path temporary;

    private final Slow slow = new Slow();

    @Test
    void failsWithTheFirstFailureAfterAllProcessesHaveEnded() {
        slow.fails = "ed25519";
        Failure failure = catchThrowableOfType(Failure.class, () -> new HostKeys(slow).make(temporary, "root@node1"));
        assertThat(failure).hasMessage("ed25519 failed");
        assertThat(slow.running).hasValue(0);
    }

    @Test
    void anInterruptAlsoWaitsAndIsKept() {
        Thread.currentThread().interrupt();
        Failure failure = catchThrowableOfType(Failure.class, () -> new HostKeys(slow).make(temporary, "root@node1"));
        assertThat(Thread.interrupted()).isTrue();
        assertThat(failure.kind()).isEqualTo(FailureKind.INTERRUPTED);
        assertThat(slow.running).hasValue(0);
    }

    /** Works until it is interrupted, and then needs a moment to end, as a process does. */
    private static final class Slow implements Commands {
        private final AtomicInteger running = new AtomicInteger();
        private final CountDownLatch othersStarted = new CountDownLatch(2);
        private volatile String fails = "none";

        @Override
        public Result run(Invocation invocation) {
            running.incrementAndGet();
            try {
                if (invocation.argv().contains(fails)) {
                    othersStarted.await(10, TimeUnit.SECONDS);
                    throw Failure.of(FailureKind.COMMAND, fails + " failed", "");
                }
                othersStarted.countDown();
                TimeUnit.SECONDS.sleep(60);
                throw new AssertionError("nobody ended this");
            } catch (InterruptedException e) {
                endSlowly();
                throw Failure.of(FailureKind.INTERRUPTED, "interrupted", "");
            } finally {
                running.decrementAndGet();
            }
        }

        private static void endSlowly() {
            try {
                TimeUnit.MILLISECONDS.sleep(200);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }

        @Override
        public Running start(Invocation invocation, Consumer<String> output) {
            throw new AssertionError("nothing is to be started");
        }
    }
}
