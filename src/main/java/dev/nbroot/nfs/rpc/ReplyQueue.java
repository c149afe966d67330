package dev.nbroot.nfs.rpc;

import dev.nbroot.nfs.xdr.XdrOut;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.GatheringByteChannel;
import java.util.ArrayDeque;

/** The replies of one connection that wait to be sent, in pooled buffers: many small ones share a buffer. */
final class ReplyQueue implements ReplyRoom {
    private static final int MARK_BYTES = 4;
    private static final int MOST_GATHERED = 16;
    /**
     * What the kernel gives a network device at once, 45 segments of Ethernet's usual size: never more than 64 KiB with
     * headers. Two writes of 64 KiB are three packets; each costs some 2 µs to send, and often a process to wake.
     */
    static final int PACKET = 45 * 1448;

    /** How far a flush came. */
    enum Flushed {
        /** Everything is sent that was to be. */
        ALL,
        /** As much as was asked for is sent, and more could be. */
        ENOUGH,
        /** The channel takes no more now. */
        FULL
    }

    private final BufferPool pool;
    private final BufferShare share;
    private final XdrOut out;
    private final PooledBuffer slice;
    private final ByteBuffer[] gather = new ByteBuffer[MOST_GATHERED + 1];
    private final ArrayDeque<Outgoing> queue = new ArrayDeque<>(4);
    private PooledBuffer tail;
    private FilePiece attached;
    private int frame;
    private long sent;

    /**
     * Makes an empty queue.
     *
     * @param share what the connection's address holds
     * @param slice a buffer of {@link FilePiece#SLICE} bytes for what files give; several queues may share one
     */
    ReplyQueue(BufferPool pool, BufferShare share, XdrOut out, PooledBuffer slice) {
        this.share = share;
        this.pool = pool;
        this.out = out;
        this.slice = slice;
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
    public boolean attach(FileSource file, long offset, int bytes) {
        attached = new FilePiece(file, offset, bytes);
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
        dropAttached();
        if (frame == 0) {
            queue.removeLast();
            pool.giveUnused(tail);
            tail = null;
        }
    }

    private void dropAttached() {
        if (attached != null) {
            attached.done();
            attached = null;
        }
    }

    boolean isEmpty() {
        return queue.isEmpty();
    }

    int unsent() {
        int sum = 0;
        for (Outgoing piece : queue) {
            sum += piece.unsent();
        }
        return sum;
    }

    /** {@return how many bytes were sent since the queue was made} */
    long sent() {
        return sent;
    }

    /**
     * Sends what the channel takes.
     *
     * @param most after about so many bytes it is enough
     * @param wholePackets whether less than a {@link #PACKET} is to be left for what comes next
     */
    Flushed flush(GatheringByteChannel channel, long most, boolean wholePackets) throws IOException {
        long until = sent + most;
        while (!queue.isEmpty()) {
            if (wholePackets && unsent() < PACKET) {
                return Flushed.ALL;
            }
            if (sent >= until) {
                return Flushed.ENOUGH;
            }
            boolean all = send(channel, wholePackets);
            while (!queue.isEmpty() && queue.peekFirst().unsent() == 0) {
                release(queue.removeFirst());
            }
            if (!all) {
                return Flushed.FULL;
            }
        }
        tail = null;
        return Flushed.ALL;
    }

    /** Sends the buffers at the head of the queue and a slice of the file behind them. {@return whether all went out} */
    private boolean send(GatheringByteChannel channel, boolean wholePackets) throws IOException {
        if (queue.peekFirst() instanceof FilePiece first) {
            int wanted = first.nextOfFile();
            int n = first.transfer(channel);
            if (n >= 0) {
                sent += n;
                return n == wanted;
            }
        }
        int count = 0;
        long bytes = 0;
        FilePiece file = null;
        for (Outgoing piece : queue) {
            if (piece instanceof PooledBuffer buffer && count < MOST_GATHERED) {
                gather[count] = buffer.toSend();
            } else if (piece instanceof FilePiece found && (count == 0 || !found.byReference())) {
                file = found;
                gather[count] = file.next(slice.bytes(), slice.address());
            } else {
                break;
            }
            bytes += gather[count++].remaining();
            if (file != null) {
                break;
            }
        }
        if (wholePackets && file == null && bytes >= PACKET) {
            bytes = shorten(count, bytes - bytes % PACKET);
        }
        long n = count == 1 ? channel.write(gather[0]) : channel.write(gather, 0, count);
        if (file != null) {
            file.sent(slice.bytes().position());
        }
        sent += n;
        return n == bytes;
    }

    /** Leaves out what lies behind so many bytes of the gathered ones. {@return how many are left} */
    private long shorten(int count, long bytes) {
        long left = bytes;
        for (int i = 0; i < count; i++) {
            int taken = (int) Math.min(left, gather[i].remaining());
            gather[i].limit(gather[i].position() + taken);
            left -= taken;
        }
        return bytes;
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
        dropAttached();
        queue.forEach(this::release);
        queue.clear();
        tail = null;
    }
}
