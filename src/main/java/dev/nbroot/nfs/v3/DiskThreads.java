package dev.nbroot.nfs.v3;

import dev.nbroot.system.PosixFiles;
import java.nio.ByteBuffer;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import java.util.function.LongConsumer;

/**
 * The few threads that wait for disks in place of the loops; some for writing to disk, some for reading, so that the one
 * does not hold up the other. They work on open descriptors only, so it does not matter whom they act as.
 */
public final class DiskThreads implements AutoCloseable {
    private static final int THREADS = 4;
    private static final int READ_BYTES = 256 * 1024;
    private static final int STATX_BYTES = 256;
    private static final long CLOSE_SECONDS = 5;

    private record Scratch(ByteBuffer buffer, long address) {}

    private final PosixFiles posix;
    private final ExecutorService writers = threads("nfs-sync");
    private final ExecutorService readers = threads("nfs-read");
    private final BlockingQueue<Scratch> scratch = new ArrayBlockingQueue<>(THREADS);

    /** Starts the threads: now, because a thread inherits its maker's identity, and the loops act as their callers. */
    public DiskThreads(PosixFiles posix) {
        this.posix = posix;
        for (int i = 0; i < THREADS; i++) {
            ByteBuffer buffer = ByteBuffer.allocateDirect(READ_BYTES);
            scratch.add(new Scratch(buffer, posix.address(buffer)));
        }
    }

    private static ExecutorService threads(String name) {
        LinkedBlockingQueue<Runnable> waiting = new LinkedBlockingQueue<>();
        ThreadPoolExecutor pool = new ThreadPoolExecutor(THREADS, THREADS, 0, TimeUnit.SECONDS, waiting, task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        });
        pool.prestartAllCoreThreads();
        return pool;
    }

    /** {@return where fsync(2) may wait, and whatever else must not hold up a loop or run as its caller} */
    public Executor writers() {
        return writers;
    }

    /**
     * Brings a part of a file into the page cache.
     *
     * @param descriptor must stay open until {@code done} is called
     * @param done gets how many of the bytes a reply may promise: all of them, or those before a place that cannot be
     *     read; a negated errno value when that is the first; on one of the threads
     * @throws RejectedExecutionException when the server is closing
     */
    void fetch(int descriptor, long offset, int bytes, IntConsumer done) {
        readers.execute(() -> done.accept(fetch(descriptor, offset, bytes)));
    }

    private int fetch(int descriptor, long offset, int bytes) {
        // There is one for each thread.
        Scratch mine = scratch.remove();
        try {
            int at = 0;
            long n = 1;
            while (at < bytes && n > 0) {
                n = posix.pread(
                        descriptor,
                        mine.address(),
                        Math.min(bytes - at, mine.buffer().capacity()),
                        offset + at);
                at += (int) Math.max(0, n);
            }
            // Where it ends is not for this thread to say: it may grow meanwhile.
            return n >= 0 ? bytes : at > 0 ? at : (int) n;
        } finally {
            scratch.add(mine);
        }
    }

    /**
     * Brings a name of a directory, and what it names, into the kernel's memory.
     *
     * @param directory a descriptor that must stay open until {@code done} is called
     * @param name zero-terminated
     * @param done gets how many blocks had to be read from a disk for that; on one of the threads
     * @throws RejectedExecutionException when the server is closing
     */
    void lookUp(int directory, byte[] name, LongConsumer done) {
        readers.execute(() -> {
            long blocks;
            Scratch mine = scratch.remove();
            try {
                mine.buffer().put(STATX_BYTES, name);
                blocks = posix.blocksRead(mine.address());
                // What it finds does not matter: the caller's own look comes next.
                posix.statxAt(directory, mine.address() + STATX_BYTES, mine.address());
                blocks = posix.blocksRead(mine.address()) - blocks;
            } finally {
                scratch.add(mine);
            }
            done.accept(blocks);
        });
    }

    /** Ends the threads, after what is under way, in some seconds at most. */
    @Override
    public void close() {
        writers.shutdown();
        readers.shutdown();
        try {
            if (!writers.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)
                    || !readers.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                writers.shutdownNow();
                readers.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
