package dev.nbroot.nfs.v3;

import java.util.BitSet;

/**
 * Which parts of a file were read a short while ago and so are in the page cache, most likely. For file systems that
 * cannot be asked: overlayfs does not know preadv2(2)'s RWF_NOWAIT.
 */
final class WarmChunks {
    private static final int CHUNK_SHIFT = 20;
    /** Up to 64 GiB into a file; what lies behind is never taken for warm. */
    private static final long MOST_CHUNKS = 1 << 16;

    private static final long LIFE_SECONDS = 10;

    private final BitSet chunks = new BitSet();
    private long bornSecond;

    /** {@return whether all of a part was read lately} */
    boolean covers(long offset, int bytes, long second) {
        if (second - bornSecond > LIFE_SECONDS) {
            chunks.clear();
        }
        long last = last(offset, bytes);
        return last < MOST_CHUNKS && chunks.nextClearBit((int) (offset >>> CHUNK_SHIFT)) > last;
    }

    void add(long offset, int bytes, long second) {
        if (chunks.isEmpty()) {
            bornSecond = second;
        }
        long last = last(offset, bytes);
        if (last < MOST_CHUNKS) {
            chunks.set((int) (offset >>> CHUNK_SHIFT), (int) last + 1);
        }
    }

    private static long last(long offset, int bytes) {
        return offset + Math.max(0, bytes - 1) >>> CHUNK_SHIFT;
    }
}
