package dev.nbroot.tftp;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Cuts content into the bytes of blocks. */
interface BlockSource {
    /**
     * Fills one block.
     *
     * @param mark where it starts: 0 for the first block, else what an earlier call returned
     * @param target as long as a block; not filled to its limit means that this is the last block
     * @return the mark of the next block
     */
    long fill(long mark, ByteBuffer target) throws IOException;

    /** {@return a source for the transfer mode} */
    static BlockSource of(boolean netascii, ReadAhead bytes) {
        return netascii
                ? (mark, target) -> netascii(bytes, mark, target)
                : (mark, target) -> octet(bytes, mark, target);
    }

    private static long octet(ReadAhead bytes, long mark, ByteBuffer target) throws IOException {
        bytes.nextBlock();
        return bytes.copy(mark, target);
    }

    /**
     * RFC 764: a line feed is sent as CR LF, a bare carriage return as CR NUL. Both can be cut by a block's end, so a
     * mark is twice the position, plus one when the first half of that character has been sent.
     */
    private static long netascii(ReadAhead bytes, long mark, ByteBuffer target) throws IOException {
        bytes.nextBlock();
        long position = mark >> 1;
        boolean half = (mark & 1) != 0;
        while (target.hasRemaining() && position < bytes.size()) {
            byte b = bytes.at(position, target.remaining());
            if (half) {
                target.put(b == '\r' ? 0 : b);
                half = false;
                position++;
            } else if (b == '\n' || b == '\r') {
                target.put((byte) '\r');
                half = true;
            } else {
                target.put(b);
                position++;
            }
        }
        return position << 1 | (half ? 1 : 0);
    }
}
