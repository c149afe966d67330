package dev.nbroot.nfs.v3;

import dev.nbroot.nfs.export.Export;
import dev.nbroot.nfs.rpc.Peer;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** What the policy said of one connection's use of exports, remembered for a few seconds. */
final class PeerPermissions {
    private static final long LIFE_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final int SLOTS = 8;

    private static final int NONE = -1;

    private final Peer peer;
    private final Export[] exports = new Export[SLOTS];
    private final Export[] seen = new Export[SLOTS];
    private final int[] statuses = new int[SLOTS];
    private final long[] until = new long[SLOTS];
    private int next;
    private int recent = NONE;

    private PeerPermissions(Peer peer) {
        this.peer = peer;
    }

    static PeerPermissions of(Peer peer) {
        if (peer.note() instanceof PeerPermissions known) {
            return known;
        }
        PeerPermissions fresh = new PeerPermissions(peer);
        peer.note(fresh);
        return fresh;
    }

    /**
     * Asks the policy, unless it was asked lately.
     *
     * @return OK, ACCES when the caller may not use the export, STALE when there is no such export any more
     */
    int check(Export export, Workspace w) {
        long now = System.nanoTime();
        int slot = slot(export);
        if (slot == NONE || now - until[slot] >= 0) {
            // Nothing is noted before the whole answer is there: a policy that fails must not leave half of one.
            int status = answer(export, w);
            Export rights = status == Status.OK ? w.policy().seenBy(peer.address(), export) : null;
            slot = slot == NONE ? free() : slot;
            exports[slot] = export;
            seen[slot] = rights;
            statuses[slot] = status;
            until[slot] = now + LIFE_NANOS;
        }
        recent = slot;
        return statuses[slot];
    }

    /** {@return the oldest slot, but not that of a call's first handle while its second is looked at} */
    private int free() {
        next = (next + 1) % SLOTS;
        if (next == recent) {
            next = (next + 1) % SLOTS;
        }
        return next;
    }

    private int slot(Export export) {
        for (int i = 0; i < SLOTS; i++) {
            if (exports[i] == export) {
                return i;
            }
        }
        return NONE;
    }

    /** Asks nobody: in the middle of a call the thread acts as the caller. {@return what the last check found} */
    Export seen(Export export) {
        return seen[slot(export)];
    }

    private int answer(Export export, Workspace w) {
        if (w.policy().find(export.id()).isEmpty()) {
            return Status.STALE;
        }
        Optional<String> objection = w.policy().objection(peer.address(), export);
        objection.ifPresent(reason -> w.listener().refused(peer.address(), "call", export.path(), reason));
        return objection.isEmpty() ? Status.OK : Status.ACCES;
    }
}
