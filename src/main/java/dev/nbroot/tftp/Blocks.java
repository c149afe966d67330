package dev.nbroot.tftp;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * The packets of one transfer by number: 0 is the OACK, the blocks of the content count from 1 without end; the 16 bits
 * on the wire roll over from 65535 to 0.
 */
final class Blocks {
    private final Negotiated negotiated;
    private final BlockSource source;
    private final ByteBuffer packet;

    /** Where blocks start, by block number modulo its length: those that may be asked for again, and the one after. */
    private final long[] marks;

    private long made;
    private long last = Long.MAX_VALUE;
    private int lastLength;

    /** Makes packets in a buffer of {@link Wire#MAX_PACKET} bytes. */
    Blocks(Negotiated negotiated, BlockSource source, ByteBuffer packet) {
        this.negotiated = negotiated;
        this.source = source;
        this.packet = packet;
        this.marks = new long[negotiated.window() + 2];
    }

    /**
     * {@return the packet of this number, until the next call}
     *
     * @param number at most one more than the highest before, and not more than a window less
     */
    ByteBuffer packet(long number) throws ReadFailed {
        if (number == 0) {
            Wire.oack(packet, negotiated.acknowledged());
            return packet;
        }
        packet.clear();
        packet.putShort((short) Wire.DATA).putShort((short) number);
        packet.limit(Wire.HEADER + negotiated.blksize());
        try {
            long after = source.fill(marks[slot(number)], packet);
            packet.flip();
            if (number > made) {
                made = number;
                marks[slot(number + 1)] = after;
                notice(number, packet.remaining() - Wire.HEADER);
            }
            return packet;
        } catch (IOException e) {
            throw new ReadFailed(e);
        }
    }

    /** A block that is not full is the last (RFC 1350 section 6), even an empty one. */
    private void notice(long number, int length) {
        if (length < negotiated.blksize()) {
            last = number;
            lastLength = length;
        }
    }

    /** {@return an ERROR packet for a file that cannot be read, until the next call} */
    ByteBuffer unreadable() {
        Wire.error(packet, TftpErrorCode.NOT_DEFINED, "the server could not read the file");
        return packet;
    }

    /** {@return the number of the last block; as long as that has not been made, more than any} */
    long last() {
        return last;
    }

    /** {@return the bytes of all blocks to this one} */
    long bytesThrough(long number) {
        return number == last ? (last - 1) * negotiated.blksize() + lastLength : number * negotiated.blksize();
    }

    private int slot(long number) {
        return (int) (number % marks.length);
    }

    /** Tells an error of the content from one of the network; the cause is the first. */
    static final class ReadFailed extends IOException {
        private static final long serialVersionUID = 1L;

        ReadFailed(IOException cause) {
            super(cause);
        }
    }
}
