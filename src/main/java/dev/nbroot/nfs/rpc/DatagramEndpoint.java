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

    private final EventLoop loop;
    private final DatagramChannel channel;
    private final ByteBuffer input = ByteBuffer.allocateDirect(MOST_BYTES + 1);
    private final ByteBuffer output = ByteBuffer.allocateDirect(MOST_BYTES);
    private final long inputAddress;
    private final long outputAddress;

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
            InetSocketAddress from = (InetSocketAddress) channel.receive(input);
            if (from == null) {
                return;
            }
            output.clear();
            XdrOut out = loop.out();
            out.reset(output);
            RpcDispatcher.Handled handled = loop.dispatcher()
                    .handle(input, inputAddress, 0, input.position(), new Peer(from, true), this, out, this);
            if (handled == RpcDispatcher.Handled.REPLY) {
                output.flip();
                send(from);
            }
        }
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
