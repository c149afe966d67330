package dev.nbroot.nfs.rpc;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

/**
 * The connections of all loops, and which of them must go when there are too many. Safe for many threads.
 *
 * <p>Nobody is refused, because a machine that was reset connects anew while its old connections still stand. Instead
 * the connection goes that was idle longest, of the address that has the most: a client connects again when it next has
 * something to ask (RFC 5531, 10), and an idle machine loses its few connections only when everybody has as few.
 */
final class ConnectionTable {
    /** A Linux client opens 16 at most (nfs(5), nconnect); behind one address there may be a few machines. */
    static final int MOST_PER_ADDRESS = 256;

    private static final long QUIET_NANOS = TimeUnit.MINUTES.toNanos(1);
    private static final int REMEMBERED = 1000;

    private final int most;
    private final int mostPerAddress;
    private final BiConsumer<InetSocketAddress, String> told;
    private final Map<InetAddress, Set<Connection>> connections = new HashMap<>();
    private final Map<InetAddress, Long> lastTold = new HashMap<>();
    private int count;

    /**
     * Makes an empty table.
     *
     * @param most how many connections there may be
     * @param told is told once a minute and address whose connection goes, and why
     */
    ConnectionTable(int most, BiConsumer<InetSocketAddress, String> told) {
        this.most = most;
        this.mostPerAddress = Math.min(MOST_PER_ADDRESS, Math.max(1, most / 2));
        this.told = told;
    }

    /** Takes a connection in, and closes another if need be. */
    void add(Connection added) {
        Connection victim = enter(added);
        if (victim != null) {
            victim.closeSoon();
        }
    }

    private synchronized Connection enter(Connection added) {
        Set<Connection> same = connections.computeIfAbsent(added.address().getAddress(), a -> new HashSet<>());
        same.add(added);
        count++;
        if (same.size() > mostPerAddress) {
            return expel(same, added, "one address may have " + mostPerAddress + " connections");
        }
        return count > most
                ? expel(largest(), added, "there are " + most + " connections, which is all there may be")
                : null;
    }

    private Set<Connection> largest() {
        Set<Connection> largest = Set.of();
        for (Set<Connection> some : connections.values()) {
            if (some.size() > largest.size()) {
                largest = some;
            }
        }
        return largest;
    }

    /** Takes the one out that did nothing for longest. */
    private Connection expel(Set<Connection> from, Connection added, String reason) {
        long now = System.nanoTime();
        Connection idlest = null;
        for (Connection c : from) {
            if (c != added && (idlest == null || now - c.progressNanos() > now - idlest.progressNanos())) {
                idlest = c;
            }
        }
        if (idlest == null) {
            idlest = added;
        }
        remove(idlest);
        tell(idlest.address(), reason + ": the one that was idle longest is closed", now);
        return idlest;
    }

    private void tell(InetSocketAddress who, String reason, long now) {
        Long last = lastTold.get(who.getAddress());
        if (last == null || now - last > QUIET_NANOS) {
            if (lastTold.size() >= REMEMBERED) {
                lastTold.clear();
            }
            lastTold.put(who.getAddress(), now);
            told.accept(who, reason);
        }
    }

    /** Says that a connection is gone; again does nothing. */
    synchronized void remove(Connection connection) {
        InetAddress address = connection.address().getAddress();
        Set<Connection> same = connections.get(address);
        if (same != null && same.remove(connection)) {
            count--;
            if (same.isEmpty()) {
                connections.remove(address);
            }
        }
    }
}
