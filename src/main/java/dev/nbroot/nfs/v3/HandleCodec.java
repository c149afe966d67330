package dev.nbroot.nfs.v3;

import java.nio.ByteBuffer;

/**
 * The file handles that clients keep.
 *
 * <pre>
 * 0  u8   layout version, 1
 * 1  u8   length n of the kernel's handle, 1 to 44
 * 2  u16  its type (name_to_handle_at(2), handle_type)
 * 4  u64  export id
 * 12 n    the kernel's handle, f_handle
 * 12+n u64 SipHash of all before, under the server's secret key
 * </pre>
 *
 * <p>At most 64 bytes (RFC 1813, NFS3_FHSIZE). Only this server can make a handle that it will take: so none can be
 * forged that reaches outside an export, although the kernel would open any handle of the same file system. The
 * checksum is also the key of the node table. Big-endian, for buffers of that order.
 */
final class HandleCodec {
    static final int MOST_BYTES = 64;
    private static final int VERSION = 1;
    static final int FIXED_BYTES = 20;
    static final int KERNEL = 12;
    private static final int MOST_KERNEL_BYTES = MOST_BYTES - FIXED_BYTES;

    private final SipHash hash;

    HandleCodec(byte[] secret) {
        hash = new SipHash(secret);
    }

    /**
     * Writes a handle at index 0 of a buffer.
     *
     * @param target big-endian, of at least {@link #MOST_BYTES}
     * @param kernel a native-order buffer with a struct file_handle at index {@code at}
     * @return the handle's length, or 0 when the kernel's handle is too long or of a strange type
     */
    int encode(ByteBuffer target, long exportId, ByteBuffer kernel, int at) {
        int n = kernel.getInt(at);
        int type = kernel.getInt(at + 4);
        if (n < 1 || n > MOST_KERNEL_BYTES || type < 0 || type > 0xffff) {
            return 0;
        }
        target.put(0, (byte) VERSION);
        target.put(1, (byte) n);
        target.putShort(2, (short) type);
        target.putLong(4, exportId);
        target.put(12, kernel, at + 8, n);
        target.putLong(12 + n, hash.of(target, 0, 12 + n));
        return FIXED_BYTES + n;
    }

    /** {@return whether this server made the handle of {@code length} bytes at index {@code at}} */
    boolean isOurs(ByteBuffer data, int at, int length) {
        return isShaped(data, at, length) && hash.of(data, at, length - 8) == checksum(data, at, length);
    }

    /** {@return whether it looks like a handle, forged or not} */
    boolean isShaped(ByteBuffer data, int at, int length) {
        return length > FIXED_BYTES
                && length <= MOST_BYTES
                && data.get(at) == VERSION
                && data.get(at + 1) == length - FIXED_BYTES;
    }

    static long checksum(ByteBuffer data, int at, int length) {
        return data.getLong(at + length - 8);
    }

    /** {@return the type of the kernel's handle in one of ours} */
    static int kernelType(byte[] handle) {
        return (handle[2] & 0xff) << 8 | handle[3] & 0xff;
    }

    static long exportId(ByteBuffer data, int at) {
        return data.getLong(at + 4);
    }

    /** Puts a handle's kernel part as a struct file_handle into a native-order buffer. {@return how many bytes} */
    static int decode(ByteBuffer data, int at, ByteBuffer kernel, int target) {
        int n = data.get(at + 1);
        kernel.putInt(target, n);
        kernel.putInt(target + 4, data.getShort(at + 2) & 0xffff);
        kernel.put(target + 8, data, at + 12, n);
        return 8 + n;
    }
}
