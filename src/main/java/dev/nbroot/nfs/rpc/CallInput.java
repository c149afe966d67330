package dev.nbroot.nfs.rpc;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;

/** The calls of one connection as they come in, in a pooled buffer that is held only while a call is coming in. */
final class CallInput {
    /** What a call takes beside its data, generously: so much more is read rather than left for one read more. */
    private static final int HEADER_BYTES = 4 * 1024;

    private final RecordReader records = new RecordReader();
    private final BufferPool pool;
    private final BufferShare share;
    private PooledBuffer buffer;
    private int lastRecordBytes;

    /**
     * Makes an input that holds nothing.
     *
     * @param share what the connection's address holds
     */
    CallInput(BufferPool pool, BufferShare share) {
        this.pool = pool;
        this.share = share;
    }

    /** {@return the records, in {@link #bytes}} */
    RecordReader records() {
        return records;
    }

    /** {@return whether there is a buffer} */
    boolean hasBuffer() {
        return buffer != null;
    }

    ByteBuffer bytes() {
        return buffer.bytes();
    }

    long address() {
        return buffer.address();
    }

    /**
     * Finds room for what comes next: as much as the last record took, or else as much as must be.
     *
     * @return false when no buffer is free
     */
    boolean makeRoom() {
        int wanted = Math.max(records.wanted(), Math.min(lastRecordBytes, BufferPool.LARGE));
        if (buffer != null && buffer.capacity() >= wanted && buffer.capacity() - records.filled() >= wanted / 2) {
            return true;
        }
        if (buffer != null && buffer.capacity() >= wanted) {
            records.moveTo(buffer.bytes());
            return true;
        }
        PooledBuffer fresh = pool.take(wanted, share);
        if (fresh == null) {
            fresh = pool.take(records.wanted(), share);
        }
        if (fresh == null) {
            return growsInPlace();
        }
        records.moveTo(fresh.bytes());
        release();
        buffer = fresh;
        return true;
    }

    /** It wished for a larger buffer; where there is none, the one that it has may do. {@return whether it does} */
    private boolean growsInPlace() {
        if (buffer == null || buffer.capacity() < records.wanted()) {
            return false;
        }
        records.moveTo(buffer.bytes());
        return true;
    }

    /**
     * Reads once, into the room that was made.
     *
     * <p>Of a large record twice as much, because bytes that nothing is done with yet take half the time; and not beyond
     * its end: what is read of the next one would have to be moved to the buffer's beginning, and would keep the buffer
     * from being given back, and used by the next connection, while it is in the processor's cache.
     *
     * @param most about how many bytes at most, of calls that are handled in the same turn
     * @return how many; below zero at the end of the stream
     */
    int read(ReadableByteChannel channel, int most) throws IOException {
        ByteBuffer bytes = buffer.bytes();
        int missing = records.missing();
        boolean large = (missing > 0 ? records.wanted() : lastRecordBytes) > BufferPool.MEDIUM;
        int count = large ? 2 * most : most;
        if (large && missing > 0 && missing <= count + HEADER_BYTES) {
            count = missing;
        }
        bytes.limit(Math.min(bytes.capacity(), records.filled() + count)).position(records.filled());
        int n = channel.read(bytes);
        bytes.limit(bytes.capacity());
        records.added(Math.max(n, 0));
        return n;
    }

    /** Notes how long the record is that is handled now: the next one may well be as long. */
    void noteLength() {
        lastRecordBytes = records.end() - records.start() + 4;
    }

    /** Gives the buffer back, if there is one. */
    void release() {
        if (buffer != null) {
            pool.give(buffer);
            buffer = null;
        }
    }
}
