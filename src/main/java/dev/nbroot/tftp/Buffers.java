package dev.nbroot.tftp;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;

/** Direct buffers of one size, used again: the JDK frees them only at a garbage collection. */
final class Buffers {
    /** The largest block fits. */
    static final int SIZE = 1 << 16;

    private static final int KEPT = 256;

    private final Deque<ByteBuffer> free = new ArrayDeque<>();

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
