package dev.nbroot.tftp;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Reads content in larger pieces than blocks.
 *
 * <p>Before a client has acknowledged anything it may be a forged address, so until {@link #keep} there is no memory of
 * its own: each block is read through a scratch buffer that all such transfers share.
 */
final class ReadAhead {
    private final TftpContent content;
    private final long size;
    private ByteBuffer buffer;
    private boolean own;
    private long start;
    private int length;

    ReadAhead(TftpContent content, ByteBuffer scratch) {
        this.content = content;
        this.size = content.size();
        this.buffer = scratch;
    }

    long size() {
        return size;
    }

    /** From now on reads ahead into this buffer. */
    void keep(ByteBuffer buffer) {
        this.buffer = buffer;
        this.own = true;
        this.length = 0;
    }

    /** {@return the buffer given to {@link #keep}, or null} */
    ByteBuffer kept() {
        return own ? buffer : null;
    }

    /** Must be called before each block. */
    void nextBlock() {
        if (!own) {
            length = 0;
        }
    }

    /** Copies bytes until the target is full or the content ends, and returns the position behind the last one. */
    long copy(long from, ByteBuffer target) throws IOException {
        long position = from;
        while (target.hasRemaining() && position < size) {
            load(position, target.remaining());
            int offset = (int) (position - start);
            int count = Math.min(target.remaining(), length - offset);
            target.put(target.position(), buffer, offset, count);
            target.position(target.position() + count);
            position += count;
        }
        return position;
    }

    /** {@return the byte at a position below the size} */
    byte at(long position, int wanted) throws IOException {
        load(position, wanted);
        return buffer.get((int) (position - start));
    }

    private void load(long position, int wanted) throws IOException {
        if (position >= start && position < start + length) {
            return;
        }
        int most = own ? buffer.capacity() : Math.min(wanted, buffer.capacity());
        buffer.clear().limit((int) Math.min(most, size - position));
        length = 0;
        while (buffer.hasRemaining()) {
            int count = content.read(buffer, position + buffer.position());
            if (count < 0) {
                break;
            }
        }
        if (buffer.position() == 0) {
            throw new IOException("the file became shorter while it was being sent");
        }
        start = position;
        length = buffer.position();
    }
}
