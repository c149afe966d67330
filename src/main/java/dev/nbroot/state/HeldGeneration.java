package dev.nbroot.state;

import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import dev.nbroot.system.StateLock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * Keeps a generation from being dropped while a command works with it. It is a lock that the kernel takes away with the
 * process, so nothing that is killed holds anything.
 */
public final class HeldGeneration implements AutoCloseable {
    /** Whoever looks whether the lock is held has it for a moment. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Path file;
    private final StateLock lock;

    private HeldGeneration(Path file, StateLock lock) {
        this.file = file;
        this.lock = lock;
    }

    /**
     * Holds a generation until it is closed.
     *
     * @throws Failure of kind {@code FAILED} when it does not exist, or at an I/O error
     */
    public static HeldGeneration hold(StateDirectory state, Generation generation) {
        String name = Uses.HELD + ProcessHandle.current().pid() + "-" + System.nanoTime();
        Path file = state.uses(generation).resolve(name);
        HeldGeneration held = new HeldGeneration(file, StateLock.await(file, generation.label(), PATIENCE));
        // Only now: what drops generations moves one away first and then looks who holds it.
        if (!Files.isDirectory(generation.directory())) {
            held.close();
            throw Failure.of(
                    FailureKind.FAILED,
                    "the generation " + generation.label() + " does not exist",
                    "was it dropped at this very moment? then run this again");
        }
        return held;
    }

    /** Does something while a generation is held, see {@link #hold}. {@return what the work gives} */
    public static <T> T during(StateDirectory state, Generation generation, Supplier<T> work) {
        HeldGeneration held = hold(state, generation);
        try {
            return work.get();
        } finally {
            held.close();
        }
    }

    @Override
    public void close() {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw Failure.io("release", file, e);
        } finally {
            lock.close();
        }
    }
}
