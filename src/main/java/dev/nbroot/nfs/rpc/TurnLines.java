package dev.nbroot.nfs.rpc;

import java.util.ArrayDeque;

/** A loop's connections that wait for their next turn, and those that wait for buffers. Confined to its thread. */
final class TurnLines {
    private static final int STARVING_PER_TURN = 64;

    private final ArrayDeque<Connection> runnable = new ArrayDeque<>();
    /** Whose connections wait for buffers; served in turns, so that few are not behind the many of another address. */
    private final ArrayDeque<BufferShare> starving = new ArrayDeque<>();

    void run(Connection connection) {
        runnable.add(connection);
    }

    void runFirst(Connection connection) {
        runnable.addFirst(connection);
    }

    void starve(Connection connection) {
        BufferShare share = connection.share();
        if (share.starving().isEmpty()) {
            starving.add(share);
        }
        share.starving().add(connection);
    }

    boolean isNobodyRunnable() {
        return runnable.isEmpty();
    }

    boolean isNobodyStarving() {
        return starving.isEmpty();
    }

    /** One at a time: between two of them whoever has little to ask is served, see Connection#ready. */
    void runOne() {
        Connection next = runnable.poll();
        if (next != null) {
            next.resume();
        }
    }

    /** Buffers were given back: those that wait for some try again. */
    void feed() {
        for (int n = STARVING_PER_TURN; n > 0 && !starving.isEmpty(); n--) {
            feedOne(starving.poll());
        }
    }

    private void feedOne(BufferShare share) {
        Connection connection = share.starving().poll();
        if (!share.starving().isEmpty()) {
            starving.add(share);
        }
        connection.resume();
    }
}
