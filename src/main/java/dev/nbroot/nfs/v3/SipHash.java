package dev.nbroot.nfs.v3;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * SipHash-2-4: a keyed 64-bit checksum that cannot be made without the key (Aumasson and Bernstein, "SipHash: a fast
 * short-input PRF", 2012). Reads buffers as little-endian bytes, whatever their own order is.
 */
final class SipHash {
    private final long k0;
    private final long k1;

    /**
     * Makes the function.
     *
     * @param key 16 secret bytes
     */
    SipHash(byte[] key) {
        if (key.length != 16) {
            throw new IllegalArgumentException("a SipHash key has 16 bytes, not " + key.length);
        }
        ByteBuffer k = ByteBuffer.wrap(key).order(ByteOrder.LITTLE_ENDIAN);
        k0 = k.getLong();
        k1 = k.getLong();
    }

    /** {@return the checksum of {@code length} bytes from index {@code from} on} */
    long of(ByteBuffer data, int from, int length) {
        long v0 = k0 ^ 0x736f6d6570736575L;
        long v1 = k1 ^ 0x646f72616e646f6dL;
        long v2 = k0 ^ 0x6c7967656e657261L;
        long v3 = k1 ^ 0x7465646279746573L;
        boolean big = data.order() == ByteOrder.BIG_ENDIAN;
        int whole = length & ~7;
        for (int i = 0; i <= whole; i += 8) {
            long m;
            if (i < whole) {
                m = data.getLong(from + i);
                m = big ? Long.reverseBytes(m) : m;
            } else {
                m = (long) length << 56;
                for (int j = whole; j < length; j++) {
                    m |= (data.get(from + j) & 0xffL) << 8 * (j - whole);
                }
            }
            v3 ^= m;
            for (int round = 0; round < 2; round++) {
                v0 += v1;
                v1 = Long.rotateLeft(v1, 13) ^ v0;
                v0 = Long.rotateLeft(v0, 32);
                v2 += v3;
                v3 = Long.rotateLeft(v3, 16) ^ v2;
                v0 += v3;
                v3 = Long.rotateLeft(v3, 21) ^ v0;
                v2 += v1;
                v1 = Long.rotateLeft(v1, 17) ^ v2;
                v2 = Long.rotateLeft(v2, 32);
            }
            v0 ^= m;
        }
        v2 ^= 0xff;
        for (int round = 0; round < 4; round++) {
            v0 += v1;
            v1 = Long.rotateLeft(v1, 13) ^ v0;
            v0 = Long.rotateLeft(v0, 32);
            v2 += v3;
            v3 = Long.rotateLeft(v3, 16) ^ v2;
            v0 += v3;
            v3 = Long.rotateLeft(v3, 21) ^ v0;
            v2 += v1;
            v1 = Long.rotateLeft(v1, 17) ^ v2;
            v2 = Long.rotateLeft(v2, 32);
        }
        return v0 ^ v1 ^ v2 ^ v3;
    }
}
