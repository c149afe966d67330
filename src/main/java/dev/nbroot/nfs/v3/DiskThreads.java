package dev.nbroot.nfs.v3;

import dev.nbroot.system.PosixFiles;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import java.util.function.LongConsumer;

/**
 * The few threads that wait for disks in place of the loops: some for each kind of waiting, so that no kind holds up
 * another, and of each kind the addresses take turns. They act as root, on open descriptors only; what an export's root
 * is, is found by a path.
 */
public final class DiskThreads implements AutoCloseable {
    private static final int THREADS = 4;
    private static final int READ_BYTES = 256 * 1024;
    private static final int STATX_BYTES = 256;
    private static final int FIND_BYTES = 32 * 1024;
    private static final byte[] DOT = {'.', 0};
    private static final long CLOSE_SECONDS = 5;

    private record Memory(ByteBuffer buffer, long address) {}

    private final PosixFiles posix;
    private final FairThreads<Object> writers;
    private final FairThreads<Memory> readers;
    private final FairThreads<Memory> finders;
    private final FairThreads<Object> openers;

    /** Starts the threads: now, because a thread inherits its maker's identity, and the loops act as their callers. */
    public DiskThreads(PosixFiles posix) {
        this.posix = posix;
        writers = new FairThreads<>("nfs-sync", THREADS, Object::new);
        readers = new FairThreads<>("nfs-read", THREADS, () -> memory(READ_BYTES));
        finders = new FairThreads<>("nfs-find", THREADS, () -> memory(FIND_BYTES));
        openers = new FairThreads<>("nfs-open", THREADS, Object::new);
    }

    private Memory memory(int bytes) {
        ByteBuffer buffer = ByteBuffer.allocateDirect(bytes);
        return new Memory(buffer, posix.address(buffer));
    }

    /**
     * Runs what waits until something is written to disk, or whatever else must not hold up a loop or run as its caller.
     *
     * @param who for whom
     * @throws RejectedExecutionException when the server is closing
     */
    public void write(InetAddress who, Runnable task) {
        writers.execute(who, own -> task.run());
    }

    /**
     * Runs what opens an export; it may take minutes.
     *
     * @param who for whom
     * @throws RejectedExecutionException when the server is closing
     */
    void openExport(InetAddress who, Runnable task) {
        openers.execute(who, own -> task.run());
    }

    /**
     * Brings a part of a file into the page cache.
     *
     * @param who for whom
     * @param descriptor must stay open until {@code done} is called
     * @param done gets how many of the bytes a reply may promise: all of them, or those before a place that cannot be
     *     read; a negated errno value when that is the first; on one of the threads
     * @throws RejectedExecutionException when the server is closing
     */
    void fetch(InetAddress who, int descriptor, long offset, int bytes, IntConsumer done) {
        readers.execute(who, mine -> {
            // Whatever happens: the call would wait for ever.
            int result = -Status.EIO;
            try {
                result = fetch(mine, descriptor, offset, bytes);
            } finally {
                done.accept(result);
            }
        });
    }

    private int fetch(Memory mine, int descriptor, long offset, int bytes) {
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
    }

    /**
     * Brings names of a directory, and what they name, into the kernel's memory.
     *
     * @param who for whom
     * @param directory a descriptor that must stay open until {@code done} is called
     * @param names zero-terminated, of 255 bytes at most each
     * @param done gets how many blocks had to be read from a disk for that; on one of the threads
     * @throws RejectedExecutionException when the server is closing
     */
    void lookUp(InetAddress who, int directory, List<byte[]> names, LongConsumer done) {
        finders.execute(
                who,
                mine -> blocksFor(mine, done, () -> {
                    for (byte[] name : names) {
                        mine.buffer().put(STATX_BYTES, name);
                        // What it finds does not matter: the caller's own look comes next.
                        posix.statxAt(directory, mine.address() + STATX_BYTES, mine.address());
                    }
                }));
    }

    /**
     * Brings a directory's names into the kernel's memory, as {@link #lookUp}.
     *
     * @param directory a descriptor that must stay open until {@code done} is called
     */
    void list(InetAddress who, int directory, LongConsumer done) {
        finders.execute(
                who,
                mine -> blocksFor(mine, done, () -> {
                    mine.buffer().put(STATX_BYTES, DOT);
                    int fd = posix.open(
                            directory, mine.address() + STATX_BYTES, PosixFiles.READ | PosixFiles.DIRECTORY, 0);
                    if (fd >= 0) {
                        long n = 1;
                        while (n > 0) {
                            n = posix.getdents(fd, mine.address(), mine.buffer().capacity());
                        }
                        posix.close(fd);
                    }
                }));
    }

    /**
     * Brings an object into the kernel's memory, as {@link #lookUp}.
     *
     * @param mount a descriptor on its file system that must stay open until {@code done} is called
     * @param handle its struct file_handle
     */
    void open(InetAddress who, int mount, byte[] handle, LongConsumer done) {
        finders.execute(
                who,
                mine -> blocksFor(mine, done, () -> {
                    mine.buffer().put(STATX_BYTES, handle);
                    int fd = posix.openByHandle(mount, mine.address() + STATX_BYTES, PosixFiles.PLACE);
                    if (fd >= 0) {
                        posix.statx(fd, mine.address());
                        posix.close(fd);
                    }
                }));
    }

    /** Calls {@code done} whatever happens: the call that waits would wait for ever. */
    private void blocksFor(Memory mine, LongConsumer done, Runnable task) {
        long blocks = 0;
        try {
            long before = posix.blocksRead(mine.address());
            task.run();
            blocks = posix.blocksRead(mine.address()) - before;
        } finally {
            done.accept(blocks);
        }
    }

    /** Ends the threads, after what is under way, in some seconds at most. */
    @Override
    public void close() {
        List<FairThreads<?>> all = List.of(writers, readers, finders, openers);
        all.forEach(FairThreads::shutdown);
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(CLOSE_SECONDS);
        try {
            for (FairThreads<?> threads : all) {
                threads.awaitEnd(deadline);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
