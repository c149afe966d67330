package dev.nbroot.nfs.rpc;

import dev.nbroot.nfs.xdr.XdrOut;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.GatheringByteChannel;
import java.util.ArrayDeque;
import java.util.function.IntSupplier;

/** The replies of one connection that wait to be sent, in pooled buffers: many small ones share a buffer. */
final class ReplyQueue implements ReplyRoom {
    private static final int MARK_BYTES = 4;
    private static final int MOST_GATHERED = 16;

    /** With fewer connections a copy is quicker than sendfile(2); with more, the processor time it saves counts. */
    private static final int ATTACH_FROM_CONNECTIONS = 3;

    private final IntSupplier connections;
    private final BufferPool pool;
    private final BufferShare share;
    private final XdrOut out;
    private final ByteBuffer[] gather = new ByteBuffer[MOST_GATHERED];
    private final ArrayDeque<Outgoing> queue = new ArrayDeque<>(4);
    private PooledBuffer tail;
    private FilePiece attached;
    private int frame;

    /**
     * Makes an empty queue.
     *
     * @param share what the connection's address holds
     * @param connections tells how many connections the loop serves now
     */
    ReplyQueue(BufferPool pool, BufferShare share, XdrOut out, IntSupplier connections) {
        this.connections = connections;
        this.share = share;
        this.pool = pool;
        this.out = out;
    }

    /** Begins a reply. {@return false when no buffer is free} */
    boolean begin() {
        if (tail == null || tail.bytes().remaining() < MARK_BYTES + RpcDispatcher.HEADER_BYTES + SMALL) {
            PooledBuffer fresh = pool.take(BufferPool.SMALL, share);
            if (fresh == null) {
                return false;
            }
            append(fresh);
        }
        frame = tail.bytes().position();
        out.reset(tail.bytes());
        out.int32(0);
        return true;
    }

    private void append(PooledBuffer fresh) {
        tail = fresh;
        queue.addLast(fresh);
    }

    @Override
    public void reserve(int bytes) {
        if (tail.bytes().remaining() >= bytes) {
            return;
        }
        int head = tail.bytes().position() - frame;
        PooledBuffer fresh = pool.take(bytes + head, share);
        if (fresh == null) {
            throw new NoBuffer();
        }
        PooledBuffer old = tail;
        fresh.bytes().put(0, old.bytes(), frame, head).position(head);
        old.bytes().position(frame);
        if (old.unsent() == 0) {
            queue.removeLast();
            pool.give(old);
        }
        append(fresh);
        frame = 0;
        out.reset(fresh.bytes());
    }

    @Override
    public int replyStart() {
        return frame + MARK_BYTES;
    }

    @Override
    public long address() {
        return tail.address();
    }

    @Override
    public ByteBuffer buffer() {
        return tail.bytes();
    }

    @Override
    public boolean attach(FileChannel file, long offset, int bytes, Runnable sent) {
        if (connections.getAsInt() < ATTACH_FROM_CONNECTIONS) {
            return false;
        }
        attached = new FilePiece(file, offset, bytes, sent);
        return true;
    }

    /** Ends the reply that was begun. */
    void end() {
        ByteBuffer bytes = tail.bytes();
        int length = bytes.position() - frame - MARK_BYTES + (attached == null ? 0 : attached.unsent());
        bytes.putInt(frame, length | 0x80000000);
        if (attached != null) {
            queue.addLast(attached);
            attached = null;
            tail = null;
        }
    }

    /** Drops the reply that was begun. */
    void abort() {
        tail.bytes().position(frame);
        if (attached != null) {
            attached.done();
            attached = null;
        }
    }

    int unsent() {
        int sum = 0;
        for (Outgoing piece : queue) {
            sum += piece.unsent();
        }
        return sum;
    }

    /**
     * Sends what the channel takes.
     *
     * @return how many bytes are left
     */
    int flush(GatheringByteChannel channel) throws IOException {
        while (!queue.isEmpty()) {
            boolean all = queue.peekFirst() instanceof FilePiece piece ? piece.send(channel) : gather(channel);
            while (!queue.isEmpty() && queue.peekFirst().unsent() == 0) {
                release(queue.removeFirst());
            }
            if (!all) {
                return unsent();
            }
        }
        tail = null;
        return 0;
    }

    /** Sends the buffers at the head of the queue. {@return whether the channel took all of what it was given} */
    private boolean gather(GatheringByteChannel channel) throws IOException {
        int count = 0;
        long bytes = 0;
        for (Outgoing piece : queue) {
            if (count == MOST_GATHERED || !(piece instanceof PooledBuffer)) {
                break;
            }
            gather[count] = ((PooledBuffer) piece).toSend();
            bytes += gather[count++].remaining();
        }
        return (count == 1 ? channel.write(gather[0]) : channel.write(gather, 0, count)) == bytes;
    }

    private void release(Outgoing piece) {
        if (piece instanceof PooledBuffer buffer) {
            pool.give(buffer);
        } else if (piece instanceof FilePiece file) {
            file.done();
        }
    }

    /** Gives everything back without sending. */
    void drop() {
        queue.forEach(this::release);
        queue.clear();
        tail = null;
    }
}
