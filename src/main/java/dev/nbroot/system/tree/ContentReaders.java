package dev.nbroot.system.tree;

import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import dev.nbroot.system.PosixFiles;
import dev.nbroot.system.Sha256;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Reads files on all cores while a walk goes on. Descriptors given to it are closed by it, whatever happens; so few wait
 * at a time that a walk never runs out of them.
 */
final class ContentReaders implements AutoCloseable {
    private static final int MOST_WAITING = 64;
    private static final int PIECE = 128 * 1024;

    private final PosixFiles posix;
    private final ThreadPoolExecutor threads;
    private final Queue<Room> rooms = new ConcurrentLinkedQueue<>();
    private volatile boolean stopped;

    /** Room for one piece of each of two files. */
    private record Room(ByteBuffer memory, long address) {}

    ContentReaders(PosixFiles posix) {
        this.posix = posix;
        int cores = Runtime.getRuntime().availableProcessors();
        this.threads = new ThreadPoolExecutor(
                cores,
                cores,
                0,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(MOST_WAITING),
                task -> {
                    Thread thread = new Thread(task, "tree-reader");
                    thread.setDaemon(true);
                    return thread;
                },
                // The walk reads a file itself when all readers have enough to do.
                new ThreadPoolExecutor.CallerRunsPolicy());
    }

    /** {@return the SHA-256 of a file in hexadecimal digits, which fails when it has another size than its entry} */
    Future<String> hash(int descriptor, TreeEntry entry, TreeCalls calls) {
        return submit(() -> {
            try {
                return withRoom(room -> hash(descriptor, entry, calls, room));
            } finally {
                posix.close(descriptor);
            }
        });
    }

    /** {@return whether two files have the same contents} */
    Future<Boolean> same(Side one, Side other) {
        return submit(() -> {
            try {
                return withRoom(room -> same(one, other, room));
            } finally {
                posix.close(one.descriptor());
                posix.close(other.descriptor());
            }
        });
    }

    /** One of two files to be compared. */
    record Side(int descriptor, TreeEntry entry, TreeCalls calls) {}

    private <T> Future<T> submit(Callable<T> work) {
        FutureTask<T> task = new FutureTask<>(work);
        threads.execute(task);
        return task;
    }

    private interface Work<T> {
        T with(Room room);
    }

    private <T> T withRoom(Work<T> work) {
        Room room = rooms.poll();
        if (room == null) {
            ByteBuffer memory = ByteBuffer.allocateDirect(2 * PIECE);
            room = new Room(memory, posix.address(memory));
        }
        try {
            return work.with(room);
        } finally {
            rooms.add(room);
        }
    }

    private String hash(int descriptor, TreeEntry entry, TreeCalls calls, Room room) {
        MessageDigest digest = Sha256.digest();
        long done = 0;
        for (int n = read(descriptor, room, 0, done, entry, calls);
                n > 0;
                n = read(descriptor, room, 0, done, entry, calls)) {
            digest.update(room.memory().slice(0, n));
            done += n;
        }
        if (done != entry.size()) {
            throw changed(entry, calls);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private boolean same(Side one, Side other, Room room) {
        long done = 0;
        while (true) {
            int n = read(one.descriptor(), room, 0, done, one.entry(), one.calls());
            int m = read(other.descriptor(), room, PIECE, done, other.entry(), other.calls());
            if (n != m || room.memory().slice(0, n).mismatch(room.memory().slice(PIECE, m)) >= 0) {
                return false;
            }
            if (n < PIECE) {
                return true;
            }
            done += n;
        }
    }

    /** {@return how many bytes there were; fewer than a piece only at the file's end} */
    private int read(int descriptor, Room room, int at, long offset, TreeEntry entry, TreeCalls calls) {
        int done = 0;
        while (done < PIECE) {
            if (stopped || Thread.currentThread().isInterrupted()) {
                throw interrupted();
            }
            long n = posix.pread(descriptor, room.address() + at + done, PIECE - done, offset + done);
            if (n < 0) {
                throw calls.failed("read", entry.path(), (int) -n);
            }
            if (n == 0) {
                break;
            }
            done += (int) n;
        }
        return done;
    }

    private static Failure changed(TreeEntry entry, TreeCalls calls) {
        return Failure.of(
                FailureKind.FAILED,
                calls.at(entry.path()) + " was changed while it was read",
                "does something still work in the tree?");
    }

    private static Failure interrupted() {
        return Failure.of(FailureKind.INTERRUPTED, "interrupted while reading a tree", "");
    }

    /** {@return a future's result} */
    static <T> T get(Future<T> future) {
        try {
            return future.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw interrupted();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Failure failure) {
                throw failure;
            }
            throw new IllegalStateException("a file cannot be read", e.getCause());
        }
    }

    /** Ends the threads; what waits is not read any more, but closed. */
    @Override
    public void close() {
        stopped = true;
        threads.shutdown();
        boolean interrupted = false;
        boolean ended = false;
        while (!ended) {
            try {
                ended = threads.awaitTermination(1, TimeUnit.MINUTES);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
