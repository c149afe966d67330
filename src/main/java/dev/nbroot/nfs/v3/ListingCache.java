package dev.nbroot.nfs.v3;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The listings that a loop remembers, the least recently used of them dropped when they take too much memory. The one that
 * was used last stays even if it alone takes more: to make it anew for every part of it costs more than memory.
 */
final class ListingCache {
    private final long mostBytes;
    private final Map<Long, Listing> listings = new LinkedHashMap<>(16, 0.75f, true);
    private long bytes;

    ListingCache(long mostBytes) {
        this.mostBytes = mostBytes;
    }

    Listing get(Node directory) {
        return listings.get(directory.key());
    }

    void put(Node directory, Listing listing) {
        Listing old = listings.put(directory.key(), listing);
        bytes += listing.bytes() - (old == null ? 0 : old.bytes());
        trim();
    }

    /** Keeps a reply with its listing, unless that is forgotten, or so large that its replies had better not be kept. */
    void keep(Node directory, Listing listing, Listing.ReplyKey key, Listing.Reply reply) {
        if (listings.get(directory.key()) != listing || listing.bytes() > mostBytes) {
            return;
        }
        long before = listing.bytes();
        listing.keep(key, reply);
        bytes += listing.bytes() - before;
        trim();
    }

    private void trim() {
        Iterator<Listing> oldest = listings.values().iterator();
        while (bytes > mostBytes && listings.size() > 1) {
            bytes -= oldest.next().bytes();
            oldest.remove();
        }
    }

    void clear() {
        listings.clear();
        bytes = 0;
    }
}
