package dev.nbroot.nfs.rpc;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;

/**
 * How many input buffers the connections of one address hold, so that one machine with thousands of connections cannot
 * take them all. Confined to a loop's thread.
 */
final class InputQuota {
    /** Far more than a Linux client opens (nconnect is at most 16), far less than the pool has. */
    static final int MOST = 96;

    private final Map<InetAddress, Integer> held = new HashMap<>();

    /** {@return whether the address may hold one more; then it counts} */
    boolean take(InetAddress address) {
        int now = held.getOrDefault(address, 0);
        if (now >= MOST) {
            return false;
        }
        held.put(address, now + 1);
        return true;
    }

    void give(InetAddress address) {
        held.computeIfPresent(address, (a, n) -> n == 1 ? null : n - 1);
    }
}
