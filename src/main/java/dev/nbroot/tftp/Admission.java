package dev.nbroot.tftp;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;

/** Counts open transfers, so that clients that vanish cannot shut out the others. */
final class Admission {
    private final int maxTotal;
    private final int maxPerClient;
    private final Map<InetAddress, Integer> perClient = new HashMap<>();
    private int total;

    Admission(int maxTotal, int maxPerClient) {
        this.maxTotal = maxTotal;
        this.maxPerClient = maxPerClient;
    }

    /** {@return why this client may not begin another transfer now; empty if it may} */
    String objection(InetAddress client) {
        int own = perClient.getOrDefault(client, 0);
        if (own >= maxPerClient) {
            return "this address has " + own + " transfers open, the limit for one client";
        }
        return total >= maxTotal ? "the server has " + total + " transfers open, its limit" : "";
    }

    void begun(InetAddress client) {
        total++;
        perClient.merge(client, 1, Integer::sum);
    }

    void ended(InetAddress client) {
        total--;
        perClient.computeIfPresent(client, (address, count) -> count == 1 ? null : count - 1);
    }
}
