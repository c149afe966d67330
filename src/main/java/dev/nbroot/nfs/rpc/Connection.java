package dev.nbroot.nfs.rpc;

import dev.nbroot.nfs.xdr.XdrException;
import dev.nbroot.nfs.xdr.XdrOut;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
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

    private final EventLoop loop;
    private final SocketChannel channel;
    private final SelectionKey key;
    private final Peer peer;
    private final RecordReader records = new RecordReader();
    private final ReplyQueue replies;
    private PooledBuffer input;
    private int lastRecordBytes;
    private int deferred;
    private boolean queued;
    private boolean closed;
    private long progressNanos = System.nanoTime();

    Connection(EventLoop loop, SocketChannel channel, SelectionKey key) throws IOException {
        this.loop = loop;
        this.channel = channel;
        this.key = key;
        this.peer = new Peer((InetSocketAddress) channel.getRemoteAddress(), false);
        this.replies = new ReplyQueue(loop.pool(), loop.out(), loop::connectionCount);
    }

    /** The channel can be read or written. */
    void ready() {
        turn(key.isReadable());
    }

    /** Goes on with what it could not finish in its last turn. */
    void resume() {
        queued = false;
        turn(false);
    }

    private void turn(boolean readable) {
        if (closed) {
            return;
        }
        try {
            int before = replies.unsent();
            int after = replies.flush(channel);
            if (after < before) {
                progressNanos = System.nanoTime();
            }
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
        }
    }

    /** Reads once. {@return false when there is nothing to go on with} */
    private boolean fill() throws IOException {
        if (!makeRoom()) {
            loop.starving(this);
            key.interestOps(0);
            return false;
        }
        ByteBuffer bytes = input.bytes();
        bytes.limit(bytes.capacity()).position(records.filled());
        int n = channel.read(bytes);
        if (n < 0) {
            close();
            return false;
        }
        if (n > 0) {
            progressNanos = System.nanoTime();
        }
        records.added(n);
        return true;
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
        if (input == null && !loop.quota().take(peer.address().getAddress())) {
            return false;
        }
        PooledBuffer fresh = loop.pool().take(wanted);
        if (fresh == null) {
            fresh = loop.pool().take(records.wanted());
        }
        if (fresh == null) {
            if (input == null) {
                loop.quota().give(peer.address().getAddress());
            }
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
            loop.quota().give(peer.address().getAddress());
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
            loop.starving(this);
        }
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
            // Without a buffer the reply is lost; the call can be repeated without harm and the client does so.
            loop.discard(body);
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

    /** {@return since when neither bytes came in nor replies went out, while it holds buffers; else the present} */
    long idleNanos(long now) {
        return records.isPartial() || replies.unsent() > 0 ? now - progressNanos : 0;
    }

    void close() {
        if (closed) {
            return;
        }
        closed = true;
        key.cancel();
        replies.drop();
        releaseInput();
        loop.forget(this);
        try {
            channel.close();
        } catch (IOException e) {
            loop.errors().accept(e);
        }
    }
}
