package dev.nbroot.nfs.rpc;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.List;
import java.util.function.ToLongFunction;

/**
 * One loop's direct buffers, in three sizes and with a fixed number of each, so that no number of connections can take
 * more memory than that. They are made when first needed and then kept. Confined to the loop's thread.
 */
final class BufferPool {
    /** Calls and replies without data. */
    static final int SMALL = 16 * 1024;
    /** Data and directories up to 128 KiB. */
    static final int MEDIUM = 144 * 1024;
    /** A record with 1 MiB of data. */
    static final int LARGE = 1024 * 1024 + 16 * 1024;

    private static final int[] SIZES = {SMALL, MEDIUM, LARGE};

    /** How many sizes there are. */
    static final int CLASSES = 3;

    private final ToLongFunction<ByteBuffer> addresses;
    private final int[] unmade;
    private final int[] most;
    private boolean given;
    private final List<ArrayDeque<PooledBuffer>> free =
            List.of(new ArrayDeque<>(), new ArrayDeque<>(), new ArrayDeque<>());

    /**
     * Makes a pool.
     *
     * @param bytes how much memory it may take
     * @param addresses tells a direct buffer's address
     */
    BufferPool(long bytes, ToLongFunction<ByteBuffer> addresses) {
        this.addresses = addresses;
        unmade = new int[] {
            (int) Math.max(32, bytes / 4 / SMALL),
            (int) Math.max(8, bytes / 4 / MEDIUM),
            (int) Math.max(4, bytes / 2 / LARGE)
        };
        most = unmade.clone();
    }

    /** {@return the size class whose buffers hold that many bytes} */
    static int classOf(int bytes) {
        return bytes <= SMALL ? 0 : bytes <= MEDIUM ? 1 : 2;
    }

    /**
     * Takes a buffer. The last quarter of each size is kept for addresses that hold few of it.
     *
     * @param who what the buffer's user holds
     * @return a clear buffer of at least that many bytes, or null when none is free for it
     */
    PooledBuffer take(int bytes, BufferShare who) {
        for (int c = classOf(bytes); c < SIZES.length; c++) {
            int left = free.get(c).size() + unmade[c];
            if (left <= most[c] / 4 && who.held(c) >= Math.max(2, most[c] / 8)) {
                continue;
            }
            PooledBuffer buffer = free.get(c).pollLast();
            if (buffer == null && unmade[c] > 0) {
                ByteBuffer direct = ByteBuffer.allocateDirect(SIZES[c]);
                buffer = new PooledBuffer(c, direct, addresses.applyAsLong(direct));
                // Not before it is made: where memory is short, there must be one to try for again.
                unmade[c]--;
            }
            if (buffer != null) {
                buffer.clear();
                buffer.holder(who);
                who.took(c);
                return buffer;
            }
        }
        return null;
    }

    void give(PooledBuffer buffer) {
        giveUnused(buffer);
        given = true;
    }

    /** Gives back what was taken just now and not used: for those that wait nothing has changed. */
    void giveUnused(PooledBuffer buffer) {
        buffer.holder().gave(buffer.sizeClass());
        free.get(buffer.sizeClass()).addLast(buffer);
    }

    /** {@return whether a buffer was given back since this was asked last} */
    boolean givenSince() {
        boolean result = given;
        given = false;
        return result;
    }
}
