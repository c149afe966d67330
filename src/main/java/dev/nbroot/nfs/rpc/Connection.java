package dev.nbroot.nfs.rpc;

import dev.nbroot.nfs.xdr.XdrException;
import dev.nbroot.nfs.xdr.XdrOut;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * One TCP connection. Holds an input buffer only while a call is coming in, and reads nothing while replies wait to be
 * sent: a client that does not read its replies is not listened to either.
 */
final class Connection implements Endpoint {
    private static final int FLUSH_AT = 256 * 1024;
    private static final int CALLS_PER_TURN = 64;
    private static final int BYTES_PER_TURN = 2 * 1024 * 1024;
    private static final int MOST_DEFERRED = 64;
    private static final int PROGRESS_BYTES = 16 * 1024;
    private static final long STALLED_NANOS = TimeUnit.SECONDS.toNanos(3);
    private static final long WAITING_NANOS = 5 * STALLED_NANOS;

    private final EventLoop loop;
    private final SocketChannel channel;
    private final SelectionKey key;
    private final Peer peer;
    private final BufferShare share;
    private final RecordReader records = new RecordReader();
    private final ReplyQueue replies;
    private PooledBuffer input;
    private int lastRecordBytes;
    private int deferred;
    private boolean queued;
    private boolean closed;
    private boolean waiting;
    private boolean waitsToRead;
    private int movedBytes;
    private volatile long progressNanos = System.nanoTime();

    Connection(EventLoop loop, SocketChannel channel, SelectionKey key) throws IOException {
        this.loop = loop;
        this.channel = channel;
        this.key = key;
        this.peer = new Peer((InetSocketAddress) channel.getRemoteAddress(), false);
        this.share = loop.shares().join(peer.address().getAddress());
        this.replies = new ReplyQueue(loop.pool(), share, loop.out(), loop::connectionCount);
    }

    /** The channel can be read or written. */
    void ready() {
        turn(key.isReadable());
    }

    /** Goes on with what it could not finish in its last turn. */
    void resume() {
        queued = false;
        // At once, not when the selector says so: whose turn it is must not depend on who is quicker.
        boolean readable = waitsToRead;
        waitsToRead = false;
        turn(readable);
    }

    private void turn(boolean readable) {
        if (closed) {
            return;
        }
        try {
            int before = replies.unsent();
            if (before == 0 && records.isEmpty()) {
                progress();
            }
            int after = replies.flush(channel);
            moved(before - after);
            if (after > 0) {
                key.interestOps(SelectionKey.OP_WRITE);
                return;
            }
            if (readable && !fill()) {
                return;
            }
            work();
        } catch (IOException | XdrException e) {
            close();
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /** Reads once. {@return false when there is nothing to go on with} */
    private boolean fill() throws IOException {
        if (!makeRoom()) {
            waitsToRead = true;
            waitForBuffers();
            key.interestOps(0);
            return false;
        }
        waitedLongEnough();
        ByteBuffer bytes = input.bytes();
        bytes.limit(bytes.capacity()).position(records.filled());
        int n = channel.read(bytes);
        if (n < 0) {
            close();
            return false;
        }
        moved(n);
        records.added(n);
        return true;
    }

    /** Only so many bytes at once are progress: else one byte now and then would hold a buffer for ever. */
    private void moved(int bytes) {
        movedBytes += bytes;
        if (movedBytes >= PROGRESS_BYTES) {
            progress();
        }
    }

    private void progress() {
        movedBytes = 0;
        progressNanos = System.nanoTime();
    }

    private boolean makeRoom() {
        int wanted = Math.max(records.wanted(), Math.min(lastRecordBytes, BufferPool.LARGE));
        if (input != null && input.capacity() >= wanted && input.capacity() - records.filled() >= wanted / 2) {
            return true;
        }
        if (input != null && input.capacity() >= wanted) {
            records.moveTo(input.bytes());
            return true;
        }
        PooledBuffer fresh = loop.pool().take(wanted, share);
        if (fresh == null) {
            fresh = loop.pool().take(records.wanted(), share);
        }
        if (fresh == null) {
            return false;
        }
        records.moveTo(fresh.bytes());
        if (input != null) {
            loop.pool().give(input);
        }
        input = fresh;
        return true;
    }

    private void releaseInput() {
        if (input != null) {
            loop.pool().give(input);
            input = null;
        }
    }

    private void work() throws IOException {
        int bytes = 0;
        for (int calls = 0; input != null; calls++) {
            if (replies.unsent() >= FLUSH_AT && replies.flush(channel) > 0) {
                key.interestOps(SelectionKey.OP_WRITE);
                return;
            }
            if (!records.next()) {
                break;
            }
            if (calls == CALLS_PER_TURN || bytes > BYTES_PER_TURN || deferred >= MOST_DEFERRED) {
                yieldTurn();
                return;
            }
            lastRecordBytes = records.end() - records.start() + 4;
            bytes += lastRecordBytes;
            if (!handle()) {
                starve();
                return;
            }
            waitedLongEnough();
            records.consume();
        }
        if (records.isEmpty()) {
            releaseInput();
        }
        finishTurn();
    }

    private boolean handle() {
        if (!replies.begin()) {
            return false;
        }
        RpcDispatcher.Handled handled = loop.dispatcher()
                .handle(
                        input.bytes(),
                        input.address(),
                        records.start(),
                        records.end(),
                        peer,
                        this,
                        loop.out(),
                        replies);
        if (handled == RpcDispatcher.Handled.REPLY) {
            replies.end();
        } else {
            replies.abort();
        }
        return handled != RpcDispatcher.Handled.LATER;
    }

    private void starve() throws IOException {
        key.interestOps(replies.flush(channel) > 0 ? SelectionKey.OP_WRITE : 0);
        if (key.interestOps() == 0) {
            waitForBuffers();
        }
    }

    /** It has the buffer that it waited for: the time that passed is none of its fault. */
    private void waitedLongEnough() {
        if (waiting) {
            waiting = false;
            progress();
        }
    }

    private void waitForBuffers() {
        waiting = true;
        loop.starving(this);
    }

    /** Lets the other connections have their turn before this one goes on. */
    private void yieldTurn() throws IOException {
        if (replies.flush(channel) > 0) {
            key.interestOps(SelectionKey.OP_WRITE);
        } else if (deferred >= MOST_DEFERRED) {
            key.interestOps(0);
        } else {
            key.interestOps(0);
            queue();
        }
    }

    private void queue() {
        if (!queued) {
            queued = true;
            loop.runnable(this);
        }
    }

    private void finishTurn() throws IOException {
        key.interestOps(replies.flush(channel) > 0 ? SelectionKey.OP_WRITE : SelectionKey.OP_READ);
    }

    @Override
    public boolean canDefer() {
        return true;
    }

    @Override
    public Deferral defer(int xid) {
        deferred++;
        return body -> loop.execute(() -> finish(xid, body));
    }

    private void finish(int xid, Consumer<XdrOut> body) {
        boolean wasFull = deferred-- >= MOST_DEFERRED;
        if (closed || !replies.begin()) {
            // Without a buffer the reply is lost. Over TCP a client repeats a call only on a new connection.
            loop.discard(body);
            close();
            return;
        }
        RpcDispatcher.header(loop.out(), xid, 0);
        body.accept(loop.out());
        replies.end();
        try {
            if (replies.flush(channel) > 0) {
                key.interestOps(SelectionKey.OP_WRITE);
            } else if (wasFull) {
                queue();
            }
        } catch (IOException e) {
            close();
        }
    }

    /**
     * {@return whether it has held buffers for too long without moving; longer if that is because it waits for more}
     */
    boolean isStalled(long now) {
        return (records.isPartial() || replies.unsent() > 0)
                && now - progressNanos > (waiting ? WAITING_NANOS : STALLED_NANOS);
    }

    /** {@return when it last did anything, by System.nanoTime; from any thread} */
    long progressNanos() {
        return progressNanos;
    }

    BufferShare share() {
        return share;
    }

    InetSocketAddress address() {
        return peer.address();
    }

    /** Closes it soon; from any thread. */
    void closeSoon() {
        loop.execute(this::close);
    }

    void close() {
        if (closed) {
            return;
        }
        closed = true;
        key.cancel();
        replies.drop();
        releaseInput();
        loop.shares().leave(peer.address().getAddress());
        loop.forget(this);
        try {
            channel.close();
        } catch (IOException e) {
            loop.errors().accept(e);
        }
    }
}
