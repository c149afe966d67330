package dev.nbroot.nfs.v3;

import dev.nbroot.system.PosixFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.function.Predicate;

/**
 * The nodes of one loop, found by handle and kept in order of use. Bounded by the number of descriptors; what is not
 * used for a while is closed, so that a removed file's space does not stay taken.
 */
final class NodeTable {
    private static final int IDLE_SECONDS = 20;

    private final PosixFiles posix;
    private final int mostDescriptors;
    private final Node[] buckets;
    private final Node ends = new Node(0, new byte[0], null, Node.NONE);
    private int descriptors;
    private int nodes;
    private long second;

    /**
     * Makes an empty table.
     *
     * @param mostDescriptors how many descriptors it keeps open, about
     */
    NodeTable(PosixFiles posix, int mostDescriptors) {
        this.posix = posix;
        this.mostDescriptors = mostDescriptors;
        buckets = new Node[Integer.highestOneBit(Math.max(64, mostDescriptors)) * 2];
        ends.newer = ends;
        ends.older = ends;
    }

    private int bucket(long key) {
        return (int) key & buckets.length - 1;
    }

    /** {@return the node of the handle of {@code length} bytes at index {@code at}, or null} */
    Node find(ByteBuffer data, int at, int length) {
        long key = HandleCodec.checksum(data, at, length);
        for (Node node = buckets[bucket(key)]; node != null; node = node.hashNext) {
            if (node.key() == key && same(node.handle(), data, at, length)) {
                touch(node);
                return node;
            }
        }
        return null;
    }

    /** The checksum alone does not tell: a forger may copy it from another handle. */
    private static boolean same(byte[] handle, ByteBuffer data, int at, int length) {
        if (handle.length != length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (handle[i] != data.get(at + i)) {
                return false;
            }
        }
        return true;
    }

    private void touch(Node node) {
        node.usedSecond = second;
        if (ends.older != node) {
            unchain(node);
            chain(node);
        }
    }

    private void chain(Node node) {
        node.older = ends.older;
        node.newer = ends;
        ends.older.newer = node;
        ends.older = node;
    }

    private static void unchain(Node node) {
        node.older.newer = node.newer;
        node.newer.older = node.older;
    }

    void add(Node node) {
        int b = bucket(node.key());
        node.hashNext = buckets[b];
        buckets[b] = node;
        node.usedSecond = second;
        chain(node);
        nodes++;
        descriptors += node.descriptors();
        trim(node);
    }

    /** Says that a node has this many descriptors more. */
    void opened(Node node, int count) {
        if (node.dropped()) {
            // It is not counted any more, and closed with its last pin.
            return;
        }
        descriptors += count;
        trim(node);
    }

    private void trim(Node keep) {
        Node oldest = ends.newer;
        while (descriptors > mostDescriptors && oldest != ends) {
            Node next = oldest.newer;
            // The few youngest may be in use by the call that is being handled.
            if (oldest != keep && !oldest.pinned() && nodes > 16) {
                drop(oldest);
            }
            oldest = next;
        }
    }

    /** Closes a node, now or when its last pin goes. */
    void drop(Node node) {
        int b = bucket(node.key());
        if (buckets[b] == node) {
            buckets[b] = node.hashNext;
        } else {
            Node previous = buckets[b];
            while (previous != null && previous.hashNext != node) {
                previous = previous.hashNext;
            }
            if (previous == null) {
                return;
            }
            previous.hashNext = node.hashNext;
        }
        unchain(node);
        // Else a dropped node that has grown old keeps all that were its neighbours, and theirs, until the whole heap
        // is looked through for garbage.
        node.older = null;
        node.newer = null;
        node.hashNext = null;
        nodes--;
        descriptors -= node.descriptors();
        node.markDropped();
        if (!node.pinned()) {
            closeDescriptors(node);
        }
    }

    /** Takes a pin away. */
    void unpin(Node node) {
        if (node.unpin()) {
            closeDescriptors(node);
        }
    }

    private void closeDescriptors(Node node) {
        if (node.reader() != Node.NONE && node.reader() != node.place()) {
            posix.close(node.reader());
        }
        if (node.writer() != Node.NONE && node.writer() != node.place() && node.writer() != node.reader()) {
            posix.close(node.writer());
        }
        posix.close(node.place());
        if (node.channel() != null) {
            try {
                node.channel().close();
            } catch (IOException e) {
                throw new UncheckedIOException("a file opened for reading cannot be closed", e);
            }
        }
    }

    void dropIf(Predicate<Node> condition) {
        for (Node node = ends.newer; node != ends; ) {
            Node next = node.newer;
            if (condition.test(node)) {
                drop(node);
            }
            node = next;
        }
    }

    /** A second has passed. */
    void tick() {
        second++;
        for (Node node = ends.newer; node != ends && second - node.usedSecond > IDLE_SECONDS; ) {
            Node next = node.newer;
            if (!node.pinned()) {
                drop(node);
            }
            node = next;
        }
    }

    /** {@return a clock in seconds, cheap to read} */
    long second() {
        return second;
    }
}
