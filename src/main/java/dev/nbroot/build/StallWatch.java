package dev.nbroot.build;

import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Ends a download that gets nothing any more. A time limit for all of it would be too short for a slow line and too long
 * for a dead one; apt's own, for each file, adds up over all of them.
 */
final class StallWatch {
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    private final Path directory;
    private final Thread worker = Thread.currentThread();
    private long size = -1;
    private long since = System.nanoTime();
    private boolean stalled;
    private boolean ended;

    private StallWatch(Path directory) {
        this.directory = directory;
    }

    /**
     * Does the work, which the watch interrupts when a directory has not grown for 40 seconds.
     *
     * @param directory gets the files
     * @param what tells then what has not come
     * @throws Failure of kind {@code FAILED} when it stalls, else what the work throws
     */
    static void over(Path directory, Supplier<String> what, Runnable work) {
        StallWatch watch = new StallWatch(directory);
        ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "stall-watch");
            thread.setDaemon(true);
            return thread;
        });
        timer.scheduleWithFixedDelay(watch::look, 1, 1, TimeUnit.SECONDS);
        try {
            work.run();
        } catch (Failure failure) {
            throw watch.end() && failure.kind() == FailureKind.INTERRUPTED ? stalled(what.get()) : failure;
        } finally {
            watch.end();
            timer.shutdownNow();
        }
    }

    private static Failure stalled(String what) {
        return Failure.of(
                FailureKind.FAILED,
                "cannot fetch " + what + ": nothing has come for " + PATIENCE.toSeconds() + " s",
                "is the network up? try again, or another mirror: bootstrap.mirror in the profile");
    }

    private synchronized void look() {
        long now = size();
        if (now != size) {
            size = now;
            since = System.nanoTime();
        } else if (!ended && !stalled && System.nanoTime() - since > PATIENCE.toNanos()) {
            stalled = true;
            worker.interrupt();
        }
    }

    /** {@return whether it has interrupted the work; then that interrupt is over} */
    private synchronized boolean end() {
        if (!ended && stalled) {
            Thread.interrupted();
        }
        ended = true;
        return stalled;
    }

    private long size() {
        long sum = 0;
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            for (Path file : files) {
                sum += size(file);
            }
            return sum;
        } catch (IOException e) {
            // It is made, or deleted, just now: something happens.
            return -1 - size;
        }
    }

    /** apt renames a file when it is whole. */
    private static long size(Path file) throws IOException {
        try {
            return Files.size(file);
        } catch (NoSuchFileException e) {
            return 0;
        }
    }
}
