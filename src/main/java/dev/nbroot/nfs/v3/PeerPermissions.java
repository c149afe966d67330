package dev.nbroot.nfs.v3;

import dev.nbroot.nfs.export.Export;
import dev.nbroot.nfs.rpc.Peer;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** What the policy said of one connection's use of exports, remembered for a few seconds. */
final class PeerPermissions {
    private static final long LIFE_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final int SLOTS = 8;

    private final Peer peer;
    private final Export[] exports = new Export[SLOTS];
    private final boolean[] allowed = new boolean[SLOTS];
    private final long[] until = new long[SLOTS];
    private int next;

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

    boolean check(Export export, Workspace w) {
        long now = System.nanoTime();
        for (int i = 0; i < SLOTS; i++) {
            if (exports[i] == export && now - until[i] < 0) {
                return allowed[i];
            }
        }
        Optional<String> objection = w.policy().objection(peer.address(), export);
        objection.ifPresent(reason -> w.listener().refused(peer.address(), "call", export.path(), reason));
        exports[next] = export;
        allowed[next] = objection.isEmpty();
        until[next] = now + LIFE_NANOS;
        next = (next + 1) % SLOTS;
        return objection.isEmpty();
    }
}
