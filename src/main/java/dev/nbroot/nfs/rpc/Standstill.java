package dev.nbroot.nfs.rpc;

import java.util.concurrent.TimeUnit;

/**
 * Tells how long a connection has held buffers without moving bytes, so that others need not wait for it for ever. The
 * time in which it waits for a buffer itself is not held against it.
 */
final class Standstill {
    private static final int PROGRESS_BYTES = 16 * 1024;
    private static final long STALLED_NANOS = TimeUnit.SECONDS.toNanos(3);
    private static final long WAITING_NANOS = 5 * STALLED_NANOS;

    private boolean waiting;
    private long movedBytes;
    private volatile long sinceNanos = System.nanoTime();

    /** Only so many bytes at once are progress: else one byte now and then would hold a buffer for ever. */
    void moved(long bytes) {
        movedBytes += bytes;
        if (movedBytes >= PROGRESS_BYTES) {
            restart();
        }
    }

    /** Begins to count anew. */
    void restart() {
        movedBytes = 0;
        sinceNanos = System.nanoTime();
    }

    /** It waits for a buffer from now on. */
    void waits() {
        waiting = true;
    }

    /** It has the buffer that it waited for, if it did: the time that passed is none of its fault. */
    void waitedLongEnough() {
        if (waiting) {
            waiting = false;
            restart();
        }
    }

    /** {@return whether it has stood still for too long; longer if that is because it waits for a buffer} */
    boolean isTooLong(long now) {
        return now - sinceNanos > (waiting ? WAITING_NANOS : STALLED_NANOS);
    }

    /** {@return when it last did anything, by System.nanoTime; from any thread} */
    long sinceNanos() {
        return sinceNanos;
    }
}
