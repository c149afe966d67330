package dev.nbroot.nfs.rpc;

import java.nio.channels.SelectionKey;

/**
 * Where a connection stands: in the line of those that go on with something, in that of those that wait for buffers (in
 * each at most once), and what it waits for at the selector.
 */
final class Standing {
    private final TurnLines lines;
    private final Connection connection;
    private final SelectionKey key;
    private boolean queued;
    private boolean starving;
    private boolean parked;

    Standing(TurnLines lines, Connection connection, SelectionKey key) {
        this.lines = lines;
        this.connection = connection;
        this.key = key;
    }

    /** {@return whether its turn comes without anything else happening} */
    boolean isQueued() {
        return queued;
    }

    void queue() {
        if (!queued) {
            queued = true;
            lines.run(connection);
        }
    }

    /** Goes on before the others that move much: what it has read of a record is still in the processor's cache. */
    void queueFirst() {
        if (!queued) {
            queued = true;
            lines.runFirst(connection);
        }
    }

    /** Its turn has come. */
    void called() {
        queued = false;
    }

    /** Waits for a buffer. */
    void starve() {
        awaitNothing();
        if (!starving) {
            starving = true;
            lines.starve(connection);
        }
    }

    /** A buffer was given back. */
    void fed() {
        starving = false;
    }

    /** {@return whether a call waits to be woken, and all behind it for that call} */
    boolean isParked() {
        return parked;
    }

    void park() {
        parked = true;
    }

    void wake() {
        parked = false;
    }

    boolean isReadable() {
        return key.isReadable();
    }

    /** Waits for calls. */
    void awaitCalls() {
        key.interestOps(SelectionKey.OP_READ);
    }

    /** Waits until more replies can be sent. */
    void awaitRoom() {
        key.interestOps(SelectionKey.OP_WRITE);
    }

    /** Waits for something that the selector does not know. */
    void awaitNothing() {
        key.interestOps(0);
    }

    void leave() {
        key.cancel();
    }
}
