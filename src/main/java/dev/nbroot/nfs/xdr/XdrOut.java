package dev.nbroot.nfs.xdr;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Writes XDR (RFC 4506) into a big-endian buffer at its position. Room is the caller's care. Reusable. */
public final class XdrOut {
    private ByteBuffer buffer = ByteBuffer.allocate(0);

    /** Writes into another buffer from now on. */
    public void reset(ByteBuffer target) {
        buffer = target;
    }

    /** {@return the buffer that is written} */
    public ByteBuffer buffer() {
        return buffer;
    }

    /** {@return the index of the next byte} */
    public int position() {
        return buffer.position();
    }

    /** Goes back to an earlier index, or forward over bytes that were written by other means. */
    public void position(int index) {
        buffer.position(index);
    }

    /** Writes a 32-bit integer. */
    public void int32(int value) {
        buffer.putInt(value);
    }

    /** Writes a 64-bit integer. */
    public void int64(long value) {
        buffer.putLong(value);
    }

    /** Writes a boolean. */
    public void bool(boolean value) {
        buffer.putInt(value ? 1 : 0);
    }

    /** Writes counted bytes with padding. */
    public void opaque(byte[] bytes) {
        buffer.putInt(bytes.length);
        buffer.put(bytes);
        pad(bytes.length);
    }

    /** Writes a counted string in UTF-8. */
    public void text(String text) {
        opaque(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Writes the zeroes that follow {@code length} bytes of data up to a multiple of four. */
    public void pad(int length) {
        for (int i = length; (i & 3) != 0; i++) {
            buffer.put((byte) 0);
        }
    }
}
