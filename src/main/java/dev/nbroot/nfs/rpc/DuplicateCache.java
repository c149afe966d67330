package dev.nbroot.nfs.rpc;

import java.net.InetAddress;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Remembers the replies to calls that must not be done twice, for a client that did not get its reply and calls again,
 * perhaps on a new connection and so on another loop (RFC 1813, 4.5 "Duplicate request cache").
 *
 * <p>A call is the same when transaction id, client address and a checksum of all its bytes are. Safe for many threads.
 */
public final class DuplicateCache {
    /** Which call it is. The port is left out: a reconnecting client may come from another. */
    record Key(int xid, InetAddress client, long checksum) {}

    private record Entry(byte[] reply, long bornNanos) {}

    private static final byte[] UNDER_WAY = {};

    private final int mostEntries;
    private final long lifeNanos;
    private final Map<Key, Entry> entries = new LinkedHashMap<>();

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
        Entry known = entries.get(key);
        if (known != null && nowNanos - known.bornNanos() < lifeNanos) {
            return known.reply();
        }
        entries.remove(key);
        entries.put(key, new Entry(UNDER_WAY, nowNanos));
        Iterator<Entry> oldest = entries.values().iterator();
        while (oldest.hasNext()) {
            boolean expired = nowNanos - oldest.next().bornNanos() >= lifeNanos;
            if (!expired && entries.size() <= mostEntries) {
                break;
            }
            oldest.remove();
        }
        return null;
    }

    synchronized void done(Key key, byte[] reply, long nowNanos) {
        entries.replace(key, new Entry(reply, nowNanos));
    }

    synchronized void forget(Key key) {
        entries.remove(key);
    }

    synchronized int size() {
        return entries.size();
    }
}
