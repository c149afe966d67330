package dev.nbroot.nfs.rpc;

import dev.nbroot.nfs.xdr.XdrOut;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.function.ToLongFunction;

/** RPC over UDP: one call, one reply, each in one datagram. */
final class DatagramEndpoint implements EventLoop.Watched, Endpoint, ReplyRoom {
    /** The largest UDP payload over IPv4. */
    private static final int MOST_BYTES = 65507;

    private static final int CALLS_PER_TURN = 32;
    /** Each keeps a copy of its datagram. */
    private static final int MOST_PARKED = 64;

    /** A call that is to come again. */
    private static final class Parked {
        private final InetSocketAddress from;
        private final byte[] bytes;
        private Object progress;

        Parked(InetSocketAddress from, byte[] bytes) {
            this.from = from;
            this.bytes = bytes;
        }
    }

    private final EventLoop loop;
    private final DatagramChannel channel;
    private final ByteBuffer input = ByteBuffer.allocateDirect(MOST_BYTES + 1);
    private final ByteBuffer output = ByteBuffer.allocateDirect(MOST_BYTES);
    private final long inputAddress;
    private final long outputAddress;
    private InetSocketAddress from;
    private Object progress;
    private Parked parked;
    private int parkedCalls;

    DatagramEndpoint(EventLoop loop, DatagramChannel channel, ToLongFunction<ByteBuffer> addresses) {
        this.loop = loop;
        this.channel = channel;
        this.inputAddress = addresses.applyAsLong(input);
        this.outputAddress = addresses.applyAsLong(output);
    }

    @Override
    public void ready() throws IOException {
        for (int i = 0; i < CALLS_PER_TURN; i++) {
            input.clear();
            from = (InetSocketAddress) channel.receive(input);
            if (from == null) {
                return;
            }
            progress = null;
            handle();
        }
    }

    private void handle() {
        parked = null;
        output.clear();
        XdrOut out = loop.out();
        out.reset(output);
        RpcDispatcher.Handled handled = loop.dispatcher()
                .handle(input, inputAddress, 0, input.position(), new Peer(from, true), this, out, this);
        if (handled == RpcDispatcher.Handled.REPLY) {
            output.flip();
            send(from);
        } else if (parked != null) {
            parked.progress = progress;
        }
    }

    private void again(Parked call) {
        parkedCalls--;
        from = call.from;
        progress = call.progress;
        input.clear().put(call.bytes);
        handle();
    }

    private void send(InetSocketAddress to) {
        try {
            channel.send(output, to);
        } catch (IOException e) {
            // Its sender may have made up its address and port: the reply is lost, as any datagram may be.
            output.clear();
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    @Override
    public boolean canDefer() {
        return false;
    }

    @Override
    public Deferral defer(int xid) {
        throw new IllegalStateException("a call over UDP is answered at once");
    }

    @Override
    public boolean canPark() {
        return parkedCalls < MOST_PARKED;
    }

    @Override
    public Runnable park() {
        byte[] bytes = new byte[input.position()];
        input.get(0, bytes);
        Parked call = new Parked(from, bytes);
        parked = call;
        parkedCalls++;
        return () -> loop.execute(() -> again(call));
    }

    @Override
    public Object progress() {
        return progress;
    }

    @Override
    public void progress(Object what) {
        progress = what;
    }

    @Override
    public void reserve(int bytes) {
        if (output.remaining() < bytes) {
            throw new NoBuffer();
        }
    }

    @Override
    public boolean attach(FileSource file, long offset, int bytes) {
        return false;
    }

    @Override
    public int replyStart() {
        return 0;
    }

    @Override
    public long address() {
        return outputAddress;
    }

    @Override
    public ByteBuffer buffer() {
        return output;
    }
}
