package dev.nbroot.tftp;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;

/** The direct buffers of one thread. Those for reading ahead are used again: the JDK frees them only with the garbage. */
final class Buffers {
    /** The largest block fits. */
    static final int SIZE = 1 << 16;

    private static final int KEPT = 256;

    private final Deque<ByteBuffer> free = new ArrayDeque<>();
    private final ByteBuffer scratch = ByteBuffer.allocateDirect(SIZE);
    private final ByteBuffer packet = ByteBuffer.allocateDirect(Wire.MAX_PACKET);

    /** {@return the buffer through which transfers read that have none of their own yet; used within one call} */
    ByteBuffer scratch() {
        return scratch;
    }

    /** {@return the buffer in which every packet is put together; used within one call} */
    ByteBuffer packet() {
        return packet;
    }

    /** {@return a buffer to read ahead into, until {@link #giveBack}} */
    ByteBuffer take() {
        ByteBuffer buffer = free.poll();
        return buffer == null ? ByteBuffer.allocateDirect(SIZE) : buffer;
    }

    void giveBack(ByteBuffer buffer) {
        if (free.size() < KEPT) {
            free.push(buffer);
        }
    }
}
