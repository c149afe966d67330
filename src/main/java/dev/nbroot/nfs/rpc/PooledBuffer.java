package dev.nbroot.nfs.rpc;

import java.nio.ByteBuffer;

/** A direct buffer of a {@link BufferPool}: filled through {@link #bytes}, sent through a second view. */
final class PooledBuffer implements Outgoing {
    private final int sizeClass;
    private final ByteBuffer bytes;
    private final ByteBuffer sending;
    private final long address;
    private BufferShare holder = new BufferShare();

    PooledBuffer(int sizeClass, ByteBuffer bytes, long address) {
        this.sizeClass = sizeClass;
        this.bytes = bytes;
        this.sending = bytes.duplicate();
        this.address = address;
    }

    /** {@return to whose share it counts} */
    BufferShare holder() {
        return holder;
    }

    void holder(BufferShare newHolder) {
        holder = newHolder;
    }

    int sizeClass() {
        return sizeClass;
    }

    ByteBuffer bytes() {
        return bytes;
    }

    long address() {
        return address;
    }

    int capacity() {
        return bytes.capacity();
    }

    void clear() {
        bytes.clear();
        sending.position(0);
    }

    /** {@return the view whose position is what was sent, its limit set to what was written so far} */
    ByteBuffer toSend() {
        return sending.limit(bytes.position());
    }

    @Override
    public int unsent() {
        return bytes.position() - sending.position();
    }
}
