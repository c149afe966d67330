package dev.nbroot.system;

import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;

/**
 * Exclusive use of one thing in the state directory, held by the kernel (fcntl(2) record lock): it ends with the
 * process, however that ends. The file stays; it says who locked it last.
 */
public final class StateLock implements AutoCloseable {
    private static final long POLL_MILLIS = 20;

    private final FileChannel channel;

    private StateLock(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Takes the lock, or fails at once.
     *
     * @param file the lock file; made with its directories when absent
     * @param what the locked thing in words, as in "root bookworm"
     * @throws Failure of kind {@code LOCKED} when another process (or thread of this one) has it
     */
    public static StateLock take(Path file, String what) {
        try {
            Files.createDirectories(file.getParent());
            FileChannel channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            try {
                FileLock lock = channel.tryLock();
                if (lock != null) {
                    channel.truncate(0);
                    channel.write(ByteBuffer.wrap(
                            (ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII)));
                    return new StateLock(channel);
                }
            } catch (OverlappingFileLockException e) {
                // Held by another thread of this process: refused below like any other holder.
            }
            String holder = new String(channelText(channel), StandardCharsets.US_ASCII).strip();
            channel.close();
            throw Failure.of(
                    FailureKind.LOCKED,
                    "another nbroot" + (holder.isEmpty() ? "" : " (process " + holder + ")") + " is working on " + what,
                    "wait for it to end, then run this again");
        } catch (IOException e) {
            throw Failure.io("lock " + what, file, e);
        }
    }

    /**
     * Takes the lock, waiting for a holder to let it go.
     *
     * @param patience how long to wait at most; for locks that are held briefly
     * @throws Failure of kind {@code LOCKED} when it is still held then; of kind {@code INTERRUPTED} when the thread is
     *     interrupted while it waits
     */
    public static StateLock await(Path file, String what, Duration patience) {
        long end = System.nanoTime() + patience.toNanos();
        while (true) {
            try {
                return take(file, what);
            } catch (Failure held) {
                if (held.kind() != FailureKind.LOCKED || System.nanoTime() >= end) {
                    throw held;
                }
            }
            try {
                Thread.sleep(POLL_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw Failure.of(FailureKind.INTERRUPTED, "interrupted while waiting for " + what, "");
            }
        }
    }

    private static byte[] channelText(FileChannel channel) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(32);
        channel.read(buffer, 0);
        byte[] text = new byte[buffer.position()];
        buffer.flip().get(text);
        return text;
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw Failure.of(FailureKind.FAILED, "cannot release a lock: " + Failure.reason(e), "", e);
        }
    }
}
