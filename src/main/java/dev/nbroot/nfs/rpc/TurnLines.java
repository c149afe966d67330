package dev.nbroot.nfs.rpc;

import java.util.ArrayDeque;

/** A loop's connections that wait for their next turn, and those that wait for buffers. Confined to its thread. */
final class TurnLines {
    private static final int FED_PER_TURN = 64;

    private final ArrayDeque<Connection> runnable = new ArrayDeque<>();
    /** Whose connections wait for buffers; served in turns, so that few are not behind the many of another address. */
    private final ArrayDeque<BufferShare> starving = new ArrayDeque<>();

    private int starvingConnections;
    private int toFeed;

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
        starvingConnections++;
    }

    /** {@return whether {@link #turn} has something to do} */
    boolean isSomebodyReady() {
        return !runnable.isEmpty() || toFeed > 0;
    }

    boolean isNobodyStarving() {
        return starving.isEmpty();
    }

    /** Buffers were given back: whoever waits for some tries again, once. */
    void feed() {
        toFeed = starvingConnections;
    }

    /** Lets one run, and some of those that are to be fed. */
    void turn() {
        // One at a time: between two of them whoever has little to ask is served, see Connection#ready.
        Connection next = runnable.poll();
        if (next != null) {
            next.resume();
        }
        for (int n = FED_PER_TURN; n > 0 && toFeed > 0; n--) {
            toFeed--;
            feedOne(starving.remove());
        }
    }

    private void feedOne(BufferShare share) {
        Connection connection = share.starving().remove();
        starvingConnections--;
        if (!share.starving().isEmpty()) {
            starving.add(share);
        }
        connection.fed();
    }
}
