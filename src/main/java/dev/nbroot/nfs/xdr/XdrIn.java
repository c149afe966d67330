package dev.nbroot.nfs.xdr;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Reads XDR (RFC 4506) from a part of a buffer, without copying and never past that part's end.
 *
 * <p>Reusable: {@link #reset} starts over. Every method throws {@link XdrException} when the bytes end too early or a
 * length is larger than the caller allows.
 */
public final class XdrIn {
    private ByteBuffer buffer = ByteBuffer.allocate(0);
    private int position;
    private int end;
    private int data;
    private long address;

    /**
     * Starts to read.
     *
     * @param source a big-endian buffer; its own position and limit are not used
     * @param from index of the first byte
     * @param to index after the last byte
     */
    public void reset(ByteBuffer source, int from, int to) {
        reset(source, from, to, 0);
    }

    /**
     * As {@link #reset(ByteBuffer, int, int)}, for a direct buffer.
     *
     * @param bufferAddress the address of the buffer's index 0, for {@link #dataAddress}
     */
    public void reset(ByteBuffer source, int from, int to, long bufferAddress) {
        address = bufferAddress;
        buffer = source;
        position = from;
        end = to;
    }

    /** {@return the buffer that is read} */
    public ByteBuffer buffer() {
        return buffer;
    }

    /** {@return the index of the next byte} */
    public int position() {
        return position;
    }

    /** {@return how many bytes are left} */
    public int remaining() {
        return end - position;
    }

    private int advance(int bytes) {
        int at = position;
        if (bytes < 0 || bytes > end - at) {
            throw new XdrException("the message ends too early");
        }
        position = at + bytes;
        return at;
    }

    /** {@return a 32-bit integer} */
    public int int32() {
        return buffer.getInt(advance(4));
    }

    /** {@return a 64-bit integer} */
    public long int64() {
        return buffer.getLong(advance(8));
    }

    /** {@return a boolean; anything but 0 and 1 is an error} */
    public boolean bool() {
        int value = int32();
        if (value != 0 && value != 1) {
            throw new XdrException("a boolean is neither 0 nor 1");
        }
        return value == 1;
    }

    /**
     * Reads a counted run of bytes and its padding; {@link #data} then tells where the bytes are.
     *
     * @param most the largest length that is allowed
     * @return the length
     */
    public int opaque(int most) {
        int length = int32();
        if (length < 0 || length > most) {
            throw new XdrException("a length is out of range");
        }
        fixed(length);
        return length;
    }

    /** Reads {@code length} bytes and their padding; {@link #data} then tells where they are. */
    public void fixed(int length) {
        data = advance(length + 3 & ~3);
    }

    /** {@return the index in {@link #buffer} of the bytes that {@link #opaque} or {@link #fixed} read last} */
    public int data() {
        return data;
    }

    /** {@return the address in memory of {@link #data}; only for a direct buffer whose address was given} */
    public long dataAddress() {
        return address + data;
    }

    /** {@return a counted string of at most {@code most} bytes, decoded as UTF-8, malformed bytes replaced} */
    public String text(int most) {
        byte[] bytes = new byte[opaque(most)];
        buffer.get(data, bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
