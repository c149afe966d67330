package dev.nbroot.nfs.v3;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * A directory's names at one time, each with a cookie that is a keyed hash of the name, in the order of the cookies.
 *
 * <p>Cookies so made stay the same when the directory changes and after a restart of the server, on every file system:
 * a client that goes on from a cookie misses nothing and sees nothing twice. The kernel's own offsets do not promise
 * that: on a merged overlayfs directory they are indexes into a list that is made anew when it is opened again.
 */
final class Listing {
    static final long DOT = 1;
    static final long DOT_DOT = 2;
    private static final long FIRST_HASH = 3;

    private final long[] cookies;
    private final long[] ids;
    private final int[] nameAt;
    private final byte[] names;
    private final long modifiedNanos;
    private final int changeSeconds;
    private final int changeNanos;
    private final long builtMillis;
    private final Map<ReplyKey, Reply> replies = new HashMap<>();
    private long replyBytes;

    /** Which part of a listing a client asked for. */
    record ReplyKey(long cookie, int count, boolean plus) {}

    /**
     * The entries of a reply, as they go over the wire.
     *
     * @param version the export's version at which they were right
     * @param second the loop's clock then
     */
    record Reply(long version, long second, byte[] bytes) {}

    private Listing(long[] cookies, long[] ids, int[] nameAt, byte[] names, Attributes directory, long builtMillis) {
        this.cookies = cookies;
        this.ids = ids;
        this.nameAt = nameAt;
        this.names = names;
        this.modifiedNanos = directory.modifiedNanos();
        this.changeSeconds = directory.changeSeconds();
        this.changeNanos = directory.changeNanos();
        this.builtMillis = builtMillis;
    }

    int size() {
        return cookies.length;
    }

    long cookie(int index) {
        return cookies[index];
    }

    long fileId(int index) {
        return ids[index];
    }

    byte[] names() {
        return names;
    }

    int nameAt(int index) {
        return nameAt[index];
    }

    int nameLength(int index) {
        return (index + 1 < nameAt.length ? nameAt[index + 1] : names.length) - nameAt[index];
    }

    /** {@return the index of the first entry behind a cookie} */
    int after(long cookie) {
        int at = Arrays.binarySearch(cookies, cookie);
        return at >= 0 ? at + 1 : -at - 1;
    }

    long builtMillis() {
        return builtMillis;
    }

    /** {@return how much memory this takes, about} */
    long bytes() {
        return 20L * cookies.length + names.length + 200 + replyBytes;
    }

    /**
     * Tells whether the directory is still as it was. A change soon before the names were read could have left the same
     * times as one soon after: the kernel's clock for them moves in steps of some milliseconds.
     */
    boolean describes(Attributes directory) {
        return directory.modifiedNanos() == modifiedNanos
                && directory.changeSeconds() == changeSeconds
                && directory.changeNanos() == changeNanos
                && builtMillis * 1_000_000 - directory.changedNanos() > 50_000_000;
    }

    Reply reply(ReplyKey key) {
        return replies.get(key);
    }

    void keep(ReplyKey key, Reply reply) {
        Reply old = replies.put(key, reply);
        replyBytes += reply.bytes().length + 100 - (old == null ? 0 : old.bytes().length + 100);
    }

    /** Collects a directory's entries. */
    static final class Builder {
        private final SipHash hash;
        private long[] hashes = new long[64];
        private long[] ids = new long[64];
        private int[] ends = new int[64];
        private byte[] names = new byte[1024];
        private int count;
        private int used;
        private ByteBuffer view = ByteBuffer.wrap(names).order(ByteOrder.LITTLE_ENDIAN);

        Builder(SipHash hash) {
            this.hash = hash;
        }

        /** Adds what one getdents64(2) wrote: struct linux_dirent64 in native order. */
        void add(ByteBuffer entries, int bytes) {
            for (int at = 0; at < bytes; at += entries.getShort(at + 16) & 0xffff) {
                int name = at + 19;
                int end = name;
                while (entries.get(end) != 0) {
                    end++;
                }
                add(entries.getLong(at), entries, name, end - name);
            }
        }

        private void add(long id, ByteBuffer source, int at, int length) {
            if (count == ids.length) {
                hashes = Arrays.copyOf(hashes, count * 2);
                ids = Arrays.copyOf(ids, count * 2);
                ends = Arrays.copyOf(ends, count * 2);
            }
            if (used + length > names.length) {
                names = Arrays.copyOf(names, Math.max(used + length, names.length * 2));
                view = ByteBuffer.wrap(names).order(ByteOrder.LITTLE_ENDIAN);
            }
            source.get(at, names, used, length);
            hashes[count] = cookieOf(used, length);
            ids[count] = id;
            used += length;
            ends[count++] = used;
        }

        private long cookieOf(int at, int length) {
            if (length == 1 && names[at] == '.') {
                return DOT;
            }
            if (length == 2 && names[at] == '.' && names[at + 1] == '.') {
                return DOT_DOT;
            }
            return Math.max(FIRST_HASH, hash.of(view, at, length) >>> 2);
        }

        Listing build(Attributes directory, long builtMillis) {
            long[] cookies = Arrays.copyOf(hashes, count);
            Arrays.sort(cookies);
            int[] order = new int[count];
            Arrays.fill(order, -1);
            for (int i = 0; i < count; i++) {
                int at = Arrays.binarySearch(cookies, hashes[i]);
                while (at > 0 && cookies[at - 1] == hashes[i]) {
                    at--;
                }
                while (order[at] >= 0) {
                    at++;
                }
                order[at] = i;
            }
            long[] sortedIds = new long[count];
            int[] nameAt = new int[count];
            byte[] sortedNames = new byte[used];
            int to = 0;
            for (int i = 0; i < count; i++) {
                int from = order[i];
                int start = from == 0 ? 0 : ends[from - 1];
                sortedIds[i] = ids[from];
                nameAt[i] = to;
                System.arraycopy(names, start, sortedNames, to, ends[from] - start);
                to += ends[from] - start;
                if (i > 0 && cookies[i] <= cookies[i - 1]) {
                    cookies[i] = cookies[i - 1] + 1;
                }
            }
            return new Listing(cookies, sortedIds, nameAt, sortedNames, directory, builtMillis);
        }
    }
}
