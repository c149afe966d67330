package dev.nbroot.nfs.mount;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Who said that it mounted what: a hint for people (showmount), never a right. Bounded. Safe for many threads. */
public final class MountTable {
    private static final int MOST = 4096;

    /**
     * One mount.
     *
     * @param host the client's address
     * @param path what it mounted
     */
    record Entry(String host, String path) {}

    private final Set<Entry> entries = new LinkedHashSet<>();

    synchronized void add(Entry entry) {
        entries.remove(entry);
        entries.add(entry);
        if (entries.size() > MOST) {
            Iterator<Entry> oldest = entries.iterator();
            oldest.next();
            oldest.remove();
        }
    }

    /** {@return whether it was there} */
    synchronized boolean remove(Entry entry) {
        return entries.remove(entry);
    }

    /** {@return what was there of that host} */
    synchronized List<Entry> removeAll(String host) {
        List<Entry> gone =
                entries.stream().filter(entry -> entry.host().equals(host)).toList();
        gone.forEach(entries::remove);
        return gone;
    }

    synchronized List<Entry> entries() {
        return new ArrayList<>(entries);
    }
}
