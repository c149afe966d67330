package dev.nbroot.tftp;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * The direct buffers of one thread. Those for reading ahead are used again: the JDK frees them only with the garbage.
 *
 * <p>The JDK allows as much direct memory as heap, and ends the thread that asks for more with an error. So reading ahead
 * may have a quarter of that, and transfers that get no buffer read block by block.
 */
final class Buffers {
    /** The largest block fits. */
    static final int SIZE = 1 << 16;

    private static final int MOST = 1024;
    private static final int KEPT = 256;

    private final Deque<ByteBuffer> free = new ArrayDeque<>();
    private final ByteBuffer scratch = ByteBuffer.allocateDirect(SIZE);
    private final ByteBuffer packet = ByteBuffer.allocateDirect(Wire.MAX_PACKET);
    private final int most;
    private int taken;

    /** @param memory what the process may use, in bytes */
    Buffers(long memory) {
        most = (int) Math.min(MOST, memory / 4 / SIZE);
    }

    /** {@return the buffer through which transfers read that have none of their own yet; used within one call} */
    ByteBuffer scratch() {
        return scratch;
    }

    /** {@return the buffer in which every packet is put together; used within one call} */
    ByteBuffer packet() {
        return packet;
    }

    /** {@return a buffer to read ahead into, until {@link #giveBack}; none if too many are out} */
    Optional<ByteBuffer> take() {
        if (taken >= most) {
            return Optional.empty();
        }
        taken++;
        ByteBuffer buffer = free.poll();
        return Optional.of(buffer == null ? ByteBuffer.allocateDirect(SIZE) : buffer);
    }

    void giveBack(ByteBuffer buffer) {
        taken--;
        if (free.size() < KEPT) {
            free.push(buffer);
        }
    }
}
