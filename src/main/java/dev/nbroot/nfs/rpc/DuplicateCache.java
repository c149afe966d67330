package dev.nbroot.nfs.rpc;

import java.net.InetAddress;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Remembers the replies to calls that must not be done twice, for a client that did not get its reply and calls again,
 * perhaps on a new connection and so on another loop (RFC 1813, 4.5 "Duplicate request cache").
 *
 * <p>A call is the same when transaction id, client address and a checksum of all its bytes are. Each address has its
 * share: when there is no more room, whoever has the most replies loses the oldest, so that a busy client cannot push
 * out what a quiet one may ask for again. Safe for many threads.
 */
public final class DuplicateCache {
    /** Which call it is. The port is left out: a reconnecting client may come from another. */
    record Key(int xid, InetAddress client, long checksum) {}

    private record Entry(byte[] reply, long bornNanos) {}

    /** One address's replies, the oldest first; never empty while it is in the table. */
    private static final class Share {
        private final InetAddress client;
        private final Map<Key, Entry> entries = new LinkedHashMap<>();
        private long newestNanos;

        Share(InetAddress client) {
            this.client = client;
        }

        /** {@return how many went} */
        int expire(long nowNanos, long lifeNanos) {
            int before = entries.size();
            Iterator<Entry> oldest = entries.values().iterator();
            while (oldest.hasNext() && nowNanos - oldest.next().bornNanos() >= lifeNanos) {
                oldest.remove();
            }
            return before - entries.size();
        }

        void dropOldest() {
            Iterator<Entry> oldest = entries.values().iterator();
            oldest.next();
            oldest.remove();
        }
    }

    private static final byte[] UNDER_WAY = {};

    private final int mostEntries;
    private final long lifeNanos;
    /** In the order in which the addresses last began a call. */
    private final LinkedHashMap<InetAddress, Share> shares = new LinkedHashMap<>(16, 0.75f, true);

    private int size;

    /**
     * Makes an empty cache.
     *
     * @param mostEntries how many replies are kept; each takes about half a KiB
     * @param lifeNanos how long a reply is kept
     */
    public DuplicateCache(int mostEntries, long lifeNanos) {
        this.mostEntries = mostEntries;
        this.lifeNanos = lifeNanos;
    }

    /**
     * Begins a call, unless it is a duplicate.
     *
     * @return null for a new call; the kept reply of a done one; an empty array while another thread is at it
     */
    synchronized byte[] begin(Key key, long nowNanos) {
        Share share = shares.computeIfAbsent(key.client(), Share::new);
        Entry known = share.entries.get(key);
        if (known != null && nowNanos - known.bornNanos() < lifeNanos) {
            return known.reply();
        }
        size -= share.expire(nowNanos, lifeNanos);
        // One that has expired may still be there, behind one that was done later.
        if (share.entries.put(key, new Entry(UNDER_WAY, nowNanos)) == null) {
            size++;
        }
        share.newestNanos = nowNanos;
        forgetSilent(nowNanos);
        if (size > mostEntries) {
            makeRoom(share);
        }
        return null;
    }

    /** Forgets the addresses of which nothing is worth keeping any more. */
    private void forgetSilent(long nowNanos) {
        Iterator<Share> longestSilent = shares.values().iterator();
        while (longestSilent.hasNext()) {
            Share share = longestSilent.next();
            if (nowNanos - share.newestNanos < lifeNanos) {
                break;
            }
            size -= share.entries.size();
            longestSilent.remove();
        }
    }

    /** Looks at all shares only while the newcomer has no more than an equal one, which is soon over. */
    private void makeRoom(Share newcomer) {
        Share largest = newcomer;
        if (newcomer.entries.size() <= Math.max(1, mostEntries / shares.size())) {
            // Among equals it is the longest silent one.
            largest = shares.values().iterator().next();
            for (Share share : shares.values()) {
                largest = share.entries.size() > largest.entries.size() ? share : largest;
            }
        }
        largest.dropOldest();
        size--;
        removeEmpty(largest);
    }

    private void removeEmpty(Share share) {
        if (share.entries.isEmpty()) {
            shares.remove(share.client);
        }
    }

    synchronized void done(Key key, byte[] reply, long nowNanos) {
        Share share = shares.get(key.client());
        if (share != null && share.entries.replace(key, new Entry(reply, nowNanos)) != null) {
            share.newestNanos = nowNanos;
        }
    }

    synchronized void forget(Key key) {
        Share share = shares.get(key.client());
        if (share != null && share.entries.remove(key) != null) {
            size--;
            removeEmpty(share);
        }
    }

    synchronized int size() {
        return size;
    }
}
