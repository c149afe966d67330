package dev.nbroot.tftp;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Packets that transfers got, kept until the selector has no more, or there is no room.
 *
 * <p>Taking all before the first is answered saves processor time: the blocks leave quicker than a client's machine takes
 * them, so that it is woken once for many of them, not for each.
 */
final class Arrivals {
    /** The longest answer that is looked at: a longer one is an ERROR whose text is cut off. */
    static final int SLOT = 600;

    private static final int MOST = 64;

    /** Takes a packet that was kept. */
    interface Taker {
        void take(OpenTransfer transfer, ByteBuffer packet);
    }

    private final ByteBuffer[] packets = new ByteBuffer[MOST];
    private final OpenTransfer[] transfers = new OpenTransfer[MOST];
    private int count;

    Arrivals() {
        ByteBuffer all = ByteBuffer.allocateDirect(MOST * SLOT);
        for (int i = 0; i < MOST; i++) {
            packets[i] = all.slice(i * SLOT, SLOT);
        }
    }

    /** {@return whether there is room for one more} */
    boolean haveRoom() {
        return count < MOST;
    }

    /** Reads one packet of a transfer that has a socket of its own. One only: a second call would find none, mostly. */
    void read(OpenTransfer transfer) throws IOException {
        ByteBuffer packet = packets[count].clear();
        if (transfer.channel().read(packet) > 0) {
            packet.flip();
            transfers[count++] = transfer;
        }
    }

    /** Hands on what was read, in the order in which it came. */
    void handOn(Taker taker) {
        int n = count;
        count = 0;
        for (int i = 0; i < n; i++) {
            OpenTransfer transfer = transfers[i];
            transfers[i] = null;
            taker.take(transfer, packets[i]);
        }
    }
}
