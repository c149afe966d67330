package dev.nbroot.nfs.rpc;

import dev.nbroot.nfs.xdr.XdrException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;

/**
 * One TCP connection. Holds an input buffer only while a call is coming in, and reads nothing while replies wait to be
 * sent: a client that does not read its replies is not listened to either.
 */
final class Connection {
    private static final int CALLS_PER_TURN = 64;
    /** What may come in and go out in one turn; the loop's other clients wait that long, some 50 µs. */
    static final int BYTES_PER_TURN = 4 * ReplyQueue.PACKET;
    /** What is read at a time, about as much as a turn has. */
    private static final int BYTES_PER_READ = 256 * 1024;
    /** A connection that moved so much in its last turn waits in line for its next one. */
    private static final int HEAVY_BYTES = 64 * 1024;

    private final EventLoop loop;
    private final SocketChannel channel;
    private final Standing standing;
    private final Peer peer;
    private final BufferShare share;
    private final CallInput input;
    private final RecordReader records;
    private final ReplyQueue replies;
    private final CallsUnderWay calls;
    private final Standstill standstill = new Standstill();
    private boolean mayBeReadable;
    /** Less than a packet waits for the replies to calls that are here already. */
    private boolean holdsBack;

    private long spent;
    private boolean closed;

    Connection(EventLoop loop, SocketChannel channel, SelectionKey key) throws IOException {
        this.loop = loop;
        this.channel = channel;
        this.standing = new Standing(loop.lines(), this, key);
        this.peer = new Peer((InetSocketAddress) channel.getRemoteAddress(), false);
        this.share = loop.shares().join(peer.address().getAddress());
        this.input = new CallInput(loop.pool(), share);
        this.records = input.records();
        this.calls = new CallsUnderWay(loop, this::finish, this::wake);
        this.replies = new ReplyQueue(loop.pool(), share, loop.out(), loop.slice());
    }

    /** The channel can be read or written. Whoever moves much waits in line; whoever asks little is served at once. */
    void ready() {
        if (standing.isQueued()) {
            return;
        }
        if (spent >= HEAVY_BYTES) {
            mayBeReadable = standing.isReadable();
            standing.queue();
        } else {
            turn(standing.isReadable());
        }
    }

    /** Goes on with what it could not finish in its last turn. */
    void resume() {
        standing.called();
        // At once, not when the selector says so: whose turn it is must not depend on who is quicker.
        boolean readable = mayBeReadable;
        mayBeReadable = false;
        turn(readable);
    }

    /** A buffer was given back, perhaps of the size that it waits for. */
    void fed() {
        standing.fed();
        if (!standing.isQueued()) {
            resume();
        }
    }

    private void turn(boolean readable) {
        if (closed) {
            return;
        }
        spent = 0;
        try {
            if (replies.isEmpty() && records.isEmpty()) {
                standstill.restart();
            }
            boolean callsAreHere = holdsBack;
            holdsBack = false;
            if (callsAreHere) {
                work();
                return;
            }
            if (!send()) {
                return;
            }
            if (standing.isParked()) {
                standing.awaitNothing();
                return;
            }
            if (!readable || fill()) {
                work();
            }
        } catch (IOException | XdrException e) {
            close();
        } catch (RuntimeException | Error e) {
            // Its state is not to be trusted any more: a reply may be half written.
            close();
            throw e;
        }
    }

    /** Sends replies, as many as the turn has left. {@return whether that is all of them; else it goes on later} */
    private boolean send() throws IOException {
        return replies.isEmpty() || send(false);
    }

    private boolean send(boolean wholePackets) throws IOException {
        long before = replies.sent();
        ReplyQueue.Flushed flushed = replies.flush(channel, BYTES_PER_TURN - spent, wholePackets);
        long bytes = replies.sent() - before;
        spent += bytes;
        standstill.moved(bytes);
        if (flushed == ReplyQueue.Flushed.FULL) {
            standing.awaitRoom();
        } else if (flushed == ReplyQueue.Flushed.ENOUGH) {
            standing.queue();
        }
        return flushed == ReplyQueue.Flushed.ALL;
    }

    /** Reads once. {@return false when there is nothing to go on with} */
    private boolean fill() throws IOException {
        if (!input.makeRoom()) {
            mayBeReadable = true;
            waitForBuffers();
            return false;
        }
        standstill.waitedLongEnough();
        int n = input.read(channel, BYTES_PER_READ);
        if (n < 0) {
            close();
            return false;
        }
        standstill.moved(n);
        spent += n;
        return true;
    }

    private void work() throws IOException {
        for (int count = 0; input.hasBuffer(); count++) {
            if (!records.next()) {
                break;
            }
            boolean enough = count > 0 && spent + replies.unsent() >= BYTES_PER_TURN;
            if (enough || count == CALLS_PER_TURN || calls.isFull()) {
                yieldTurn();
                return;
            }
            input.noteLength();
            RpcDispatcher.Handled handled = handle();
            if (handled == RpcDispatcher.Handled.LATER) {
                starve();
                return;
            }
            if (handled == RpcDispatcher.Handled.PARKED) {
                park();
                return;
            }
            standstill.waitedLongEnough();
            if (handled == RpcDispatcher.Handled.AGAIN) {
                spent = BYTES_PER_TURN;
                standing.queueFirst();
                return;
            }
            calls.forgetProgress();
            records.consume();
        }
        if (records.isEmpty()) {
            input.release();
        } else if (spent >= BYTES_PER_TURN && replies.isEmpty()) {
            // In the middle of a large record, of which more has come in most likely.
            mayBeReadable = true;
            standing.queueFirst();
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
                        calls,
                        loop.out(),
                        replies);
        if (handled == RpcDispatcher.Handled.REPLY) {
            replies.end();
        } else {
            replies.abort();
        }
        return handled;
    }

    private void park() throws IOException {
        standing.park();
        standstill.waits();
        if (send()) {
            standing.awaitNothing();
        }
    }

    /** What the parked call waited for is there. */
    private void wake() {
        standing.wake();
        standstill.restart();
        if (!standing.isQueued()) {
            resume();
        }
    }

    private void starve() throws IOException {
        if (send()) {
            waitForBuffers();
        }
    }

    private void waitForBuffers() {
        standstill.waits();
        standing.starve();
    }

    /** Lets the other connections have their turn before this one goes on with calls that are here. */
    private void yieldTurn() throws IOException {
        if (!calls.isFull()) {
            // What is held back has a buffer, for which others may be waiting.
            boolean wholePackets =
                    replies.unsent() >= ReplyQueue.PACKET && loop.lines().isNobodyStarving();
            if (send(wholePackets)) {
                holdsBack = !replies.isEmpty();
                standing.queue();
            }
        } else if (send()) {
            // A slow disk is not the client's fault.
            standstill.waits();
            standing.awaitNothing();
        }
    }

    private void finishTurn() throws IOException {
        if (send()) {
            standing.awaitCalls();
        }
    }

    private void finish(int xid, Deferral.Body body) {
        boolean wasFull = calls.oneIsOver();
        if (wasFull) {
            standstill.waitedLongEnough();
        }
        if (closed || !replies.begin()) {
            // Without a buffer the reply is lost. Over TCP a client repeats a call only on a new connection.
            loop.discard(body);
            close();
            return;
        }
        try {
            RpcDispatcher.header(loop.out(), xid, 0);
            body.write(loop.out(), replies);
            replies.end();
            if (standing.isQueued()) {
                return;
            }
            spent = 0;
            if (send() && wasFull) {
                standing.queue();
            }
        } catch (IOException e) {
            close();
        } catch (RuntimeException | Error e) {
            // Half a reply may be written; what comes behind it would make no sense.
            close();
            throw e;
        }
    }

    /** {@return whether it has held buffers for too long without moving} */
    boolean isStalled(long now) {
        boolean waitsForUs = standing.isParked() && replies.unsent() == 0;
        return !waitsForUs && (records.isPartial() || replies.unsent() > 0) && standstill.isTooLong(now);
    }

    /** {@return when it last did anything, by System.nanoTime; from any thread} */
    long progressNanos() {
        return standstill.sinceNanos();
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
        standing.leave();
        replies.drop();
        input.release();
        loop.shares().leave(peer.address().getAddress());
        loop.forget(this);
        try {
            channel.close();
        } catch (IOException e) {
            loop.errors().accept(e);
        }
    }
}
