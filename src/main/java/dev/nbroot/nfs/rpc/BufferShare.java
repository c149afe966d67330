package dev.nbroot.nfs.rpc;

import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;

/**
 * How many buffers of each size the connections of one address hold, so that one machine with thousands of connections
 * cannot take them all. Confined to a loop's thread.
 */
final class BufferShare {
    private final int[] held = new int[BufferPool.CLASSES];
    private final ArrayDeque<Connection> starving = new ArrayDeque<>();
    private int connections;

    int held(int sizeClass) {
        return held[sizeClass];
    }

    void took(int sizeClass) {
        held[sizeClass]++;
    }

    void gave(int sizeClass) {
        held[sizeClass]--;
    }

    /** {@return the connections that wait for a buffer} */
    ArrayDeque<Connection> starving() {
        return starving;
    }

    /** The shares of the addresses that have connections to one loop. */
    static final class Table {
        private final Map<InetAddress, BufferShare> shares = new HashMap<>();

        /** {@return the share of an address for one connection more} */
        BufferShare join(InetAddress address) {
            BufferShare share = shares.computeIfAbsent(address, a -> new BufferShare());
            share.connections++;
            return share;
        }

        /** A connection that joined has given back what it held and is gone. */
        void leave(InetAddress address) {
            shares.computeIfPresent(address, (a, share) -> --share.connections == 0 ? null : share);
        }

        int size() {
            return shares.size();
        }
    }
}
