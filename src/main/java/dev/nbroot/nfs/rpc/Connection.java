package dev.nbroot.nfs.rpc;

import dev.nbroot.nfs.xdr.XdrException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;

/**
 * One TCP connection. Holds an input buffer only while a call is coming in, and reads nothing while replies wait to be
 * sent: a client that does not read its replies is not listened to either.
 */
final class Connection implements Endpoint {
    private static final int FLUSH_AT = 128 * 1024;
    private static final int CALLS_PER_TURN = 64;
    /** What may come in and go out in one turn; the loop's other clients wait that long, some 50 µs. */
    static final int BYTES_PER_TURN = 256 * 1024;
    /** A connection that moved so much in its last turn waits in line for its next one. */
    private static final int HEAVY_BYTES = 64 * 1024;

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
    private boolean mayBeReadable;
    private long spent;
    private Object progress;
    private boolean closed;
    private boolean waiting;
    private long movedBytes;
    private volatile long progressNanos = System.nanoTime();

    Connection(EventLoop loop, SocketChannel channel, SelectionKey key) throws IOException {
        this.loop = loop;
        this.channel = channel;
        this.key = key;
        this.peer = new Peer((InetSocketAddress) channel.getRemoteAddress(), false);
        this.share = loop.shares().join(peer.address().getAddress());
        this.replies = new ReplyQueue(loop.pool(), share, loop.out(), loop.slice(), loop::connectionCount);
    }

    /** The channel can be read or written. Whoever moves much waits in line; whoever asks little is served at once. */
    void ready() {
        if (queued) {
            return;
        }
        if (spent >= HEAVY_BYTES) {
            mayBeReadable = key.isReadable();
            queue();
        } else {
            turn(key.isReadable());
        }
    }

    /** Goes on with what it could not finish in its last turn. */
    void resume() {
        queued = false;
        // At once, not when the selector says so: whose turn it is must not depend on who is quicker.
        boolean readable = mayBeReadable;
        mayBeReadable = false;
        turn(readable);
    }

    private void turn(boolean readable) {
        if (closed) {
            return;
        }
        spent = 0;
        try {
            if (replies.isEmpty() && records.isEmpty()) {
                restartClock();
            }
            if (!send() || readable && !fill()) {
                return;
            }
            work();
        } catch (IOException | XdrException e) {
            close();
        } catch (RuntimeException e) {
            // Its state is not to be trusted any more; the next turn would fail again.
            close();
            throw e;
        }
    }

    /** Sends replies, as many as the turn has left. {@return whether that is all of them; else it goes on later} */
    private boolean send() throws IOException {
        if (replies.isEmpty()) {
            return true;
        }
        long before = replies.sent();
        ReplyQueue.Flushed flushed = replies.flush(channel, BYTES_PER_TURN - spent);
        long bytes = replies.sent() - before;
        spent += bytes;
        moved(bytes);
        if (flushed == ReplyQueue.Flushed.FULL) {
            key.interestOps(SelectionKey.OP_WRITE);
        } else if (flushed == ReplyQueue.Flushed.ENOUGH) {
            queue();
        }
        return flushed == ReplyQueue.Flushed.ALL;
    }

    /** Reads once. {@return false when there is nothing to go on with} */
    private boolean fill() throws IOException {
        if (!makeRoom()) {
            mayBeReadable = true;
            waitForBuffers();
            key.interestOps(0);
            return false;
        }
        waitedLongEnough();
        ByteBuffer bytes = input.bytes();
        int most = Math.min(bytes.capacity(), records.filled() + BYTES_PER_TURN);
        bytes.limit(most).position(records.filled());
        int n = channel.read(bytes);
        bytes.limit(bytes.capacity());
        if (n < 0) {
            close();
            return false;
        }
        moved(n);
        spent += n;
        records.added(n);
        return true;
    }

    /** Only so many bytes at once are progress: else one byte now and then would hold a buffer for ever. */
    private void moved(long bytes) {
        movedBytes += bytes;
        if (movedBytes >= PROGRESS_BYTES) {
            restartClock();
        }
    }

    private void restartClock() {
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
        for (int calls = 0; input != null; calls++) {
            if (replies.unsent() >= FLUSH_AT && !send()) {
                return;
            }
            if (!records.next()) {
                break;
            }
            if (calls == CALLS_PER_TURN || calls > 0 && spent >= BYTES_PER_TURN || deferred >= MOST_DEFERRED) {
                yieldTurn();
                return;
            }
            lastRecordBytes = records.end() - records.start() + 4;
            RpcDispatcher.Handled handled = handle();
            if (handled == RpcDispatcher.Handled.LATER) {
                starve();
                return;
            }
            waitedLongEnough();
            if (handled == RpcDispatcher.Handled.AGAIN) {
                spent = BYTES_PER_TURN;
                queueFirst();
                return;
            }
            progress = null;
            records.consume();
        }
        if (records.isEmpty()) {
            releaseInput();
        } else if (spent >= BYTES_PER_TURN && replies.isEmpty()) {
            // In the middle of a large record, of which more has come in most likely.
            mayBeReadable = true;
            queueFirst();
            return;
        }
        finishTurn();
    }

    private RpcDispatcher.Handled handle() {
        if (!replies.begin()) {
            return RpcDispatcher.Handled.LATER;
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
        return handled;
    }

    private void starve() throws IOException {
        if (send()) {
            key.interestOps(0);
            waitForBuffers();
        }
    }

    /** It has the buffer that it waited for: the time that passed is none of its fault. */
    private void waitedLongEnough() {
        if (waiting) {
            waiting = false;
            restartClock();
        }
    }

    private void waitForBuffers() {
        waiting = true;
        loop.starving(this);
    }

    /** Lets the other connections have their turn before this one goes on. */
    private void yieldTurn() throws IOException {
        if (!send()) {
            return;
        }
        if (deferred >= MOST_DEFERRED) {
            key.interestOps(0);
        } else {
            queue();
        }
    }

    private void queue() {
        if (!queued) {
            queued = true;
            loop.runnable(this);
        }
    }

    /** Goes on before the others that move much: what it has read of a record is still in the processor's cache. */
    private void queueFirst() {
        if (!queued) {
            queued = true;
            loop.runnableFirst(this);
        }
    }

    private void finishTurn() throws IOException {
        if (send()) {
            key.interestOps(SelectionKey.OP_READ);
        }
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

    @Override
    public Object progress() {
        return progress;
    }

    @Override
    public void progress(Object what) {
        progress = what;
    }

    private void finish(int xid, Deferral.Body body) {
        boolean wasFull = deferred-- >= MOST_DEFERRED;
        if (closed || !replies.begin()) {
            // Without a buffer the reply is lost. Over TCP a client repeats a call only on a new connection.
            loop.discard(body);
            close();
            return;
        }
        RpcDispatcher.header(loop.out(), xid, 0);
        body.write(loop.out(), replies);
        replies.end();
        try {
            if (queued) {
                return;
            }
            spent = 0;
            if (send() && wasFull) {
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
