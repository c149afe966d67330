package dev.nbroot.nfs.rpc;

import dev.nbroot.nfs.xdr.XdrException;
import java.nio.ByteBuffer;

/**
 * Finds records in a byte stream (RFC 5531, 11): a record is a run of fragments, each behind a four-byte mark whose top
 * bit says "last" and whose other bits are the fragment's length. A record's fragments are joined in place.
 *
 * <pre>
 * buffer: ... | joined so far [start,end) | gap left by marks | raw [scan,filled) | free
 * </pre>
 */
final class RecordReader {
    /** The most bytes of a record: 1 MiB of data and its header. */
    static final int MOST_BYTES = 1024 * 1024 + 4096;
    /** The most fragments of a record: C libraries flush a fragment about every 4 KiB. */
    static final int MOST_FRAGMENTS = 512;

    private ByteBuffer buffer = ByteBuffer.allocate(0);
    private int start;
    private int end;
    private int scan;
    private int filled;
    private int left;
    private int fragments;
    private boolean inFragment;
    private boolean last;
    private boolean complete;

    /** Goes on in another buffer, to whose beginning the bytes that still matter are moved; may be the same one. */
    void moveTo(ByteBuffer target) {
        int joined = end - start;
        int raw = filled - scan;
        target.put(0, buffer, start, joined);
        target.put(joined, buffer, scan, raw);
        buffer = target;
        start = 0;
        end = joined;
        scan = joined;
        filled = joined + raw;
    }

    /** {@return whether no byte is waiting, so that the buffer may be given away} */
    boolean isEmpty() {
        return start == end && scan == filled && !inFragment && fragments == 0;
    }

    /** {@return whether a record has begun and is not complete} */
    boolean isPartial() {
        return !isEmpty();
    }

    /** {@return the index where the next bytes of the stream go} */
    int filled() {
        return filled;
    }

    /** Says that bytes were put behind {@link #filled}. */
    void added(int bytes) {
        filled += bytes;
    }

    /** {@return how large a buffer must be to hold what is known of the record that has begun, and a mark} */
    int wanted() {
        return Math.max(end - start + left, end - start + filled - scan) + 4;
    }

    /** {@return how many bytes of the record that has begun are to come; 0 or less as long as its last fragment is not} */
    int missing() {
        return last ? left - (filled - scan) : 0;
    }

    int start() {
        return start;
    }

    int end() {
        return end;
    }

    /**
     * Looks for a whole record; finds the same one until it is consumed.
     *
     * @return whether there is one, from {@link #start} to {@link #end}
     * @throws XdrException when the stream breaks the rules and must be closed
     */
    boolean next() {
        while (!complete) {
            if (!inFragment) {
                if (filled - scan < 4) {
                    return false;
                }
                mark();
            }
            int bytes = Math.min(left, filled - scan);
            if (end != scan) {
                buffer.put(end, buffer, scan, bytes);
            }
            end += bytes;
            scan += bytes;
            left -= bytes;
            if (left > 0) {
                return false;
            }
            inFragment = false;
            complete = last;
        }
        return true;
    }

    private void mark() {
        int mark = buffer.getInt(scan);
        scan += 4;
        left = mark & 0x7fffffff;
        last = mark < 0;
        if (fragments == 0) {
            start = scan;
            end = scan;
        }
        fragments++;
        if (left > MOST_BYTES - (end - start) || fragments > MOST_FRAGMENTS || left == 0 && !last) {
            throw new XdrException("a record is too long or has too many fragments");
        }
        inFragment = true;
    }

    /** Drops the record that {@link #next} found. */
    void consume() {
        complete = false;
        fragments = 0;
        start = scan;
        end = scan;
    }
}
