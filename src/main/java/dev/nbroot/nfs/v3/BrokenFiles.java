package dev.nbroot.nfs.v3;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Files of an export that could not be read on in the middle of a reply, where nothing but the end of the connection is
 * left to say so. The client repeats the call, perhaps to another loop: it must find that out before it promises bytes
 * again, or the client would ask, and be cut off, for ever. Safe for many threads.
 */
final class BrokenFiles {
    /** A disk that fails makes more of them; then some are found out about once more. */
    private static final int MOST = 1024;

    /** A path to a disk comes back, a sector is written anew. */
    private static final long LIFE_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final ConcurrentHashMap<Long, Long> until = new ConcurrentHashMap<>();
    private final LongSupplier nanoClock;

    BrokenFiles(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
    }

    /** Says that a reply broke off. */
    void add(Node node) {
        if (until.size() >= MOST) {
            until.clear();
        }
        until.put(node.key(), nanoClock.getAsLong() + LIFE_NANOS);
    }

    /** {@return whether a reply with bytes of this file broke off a short while ago} */
    boolean has(Node node) {
        if (until.isEmpty()) {
            return false;
        }
        Long end = until.get(node.key());
        if (end != null && end - nanoClock.getAsLong() < 0) {
            until.remove(node.key(), end);
            return false;
        }
        return end != null;
    }
}
