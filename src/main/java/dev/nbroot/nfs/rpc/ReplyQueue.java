package dev.nbroot.nfs.rpc;

import dev.nbroot.nfs.xdr.XdrOut;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.GatheringByteChannel;
import java.util.ArrayDeque;
import java.util.Iterator;

/** The replies of one connection that wait to be sent, in pooled buffers: many small ones share a buffer. */
final class ReplyQueue implements ReplyRoom {
    private static final int MARK_BYTES = 4;
    private static final int MOST_GATHERED = 16;

    private final BufferPool pool;
    private final XdrOut out;
    private final ByteBuffer[] gather = new ByteBuffer[MOST_GATHERED];
    private final ArrayDeque<PooledBuffer> queue = new ArrayDeque<>(4);
    private PooledBuffer tail;
    private int frame;

    ReplyQueue(BufferPool pool, XdrOut out) {
        this.pool = pool;
        this.out = out;
    }

    /** Begins a reply. {@return false when no buffer is free} */
    boolean begin() {
        if (tail == null || tail.bytes().remaining() < MARK_BYTES + RpcDispatcher.HEADER_BYTES + SMALL) {
            PooledBuffer fresh = pool.take(BufferPool.SMALL);
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
        PooledBuffer fresh = pool.take(bytes + head);
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

    /** Ends the reply that was begun. */
    void end() {
        ByteBuffer bytes = tail.bytes();
        bytes.putInt(frame, bytes.position() - frame - MARK_BYTES | 0x80000000);
    }

    /** Drops the reply that was begun. */
    void abort() {
        tail.bytes().position(frame);
    }

    int unsent() {
        int sum = 0;
        for (PooledBuffer buffer : queue) {
            sum += buffer.unsent();
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
            int count = 0;
            for (Iterator<PooledBuffer> i = queue.iterator(); i.hasNext() && count < MOST_GATHERED; ) {
                gather[count++] = i.next().toSend();
            }
            if (count == 1) {
                channel.write(gather[0]);
            } else {
                channel.write(gather, 0, count);
            }
            boolean drained = false;
            while (!queue.isEmpty() && queue.peekFirst().unsent() == 0) {
                pool.give(queue.removeFirst());
                drained = true;
            }
            if (queue.isEmpty()) {
                tail = null;
            } else if (!drained || queue.peekFirst().toSend().position() > 0) {
                return unsent();
            }
        }
        return 0;
    }

    /** Gives all buffers back without sending. */
    void drop() {
        queue.forEach(pool::give);
        queue.clear();
        tail = null;
    }
}
