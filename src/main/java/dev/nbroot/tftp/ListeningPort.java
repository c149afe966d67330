package dev.nbroot.tftp;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;

/** One bound address. */
final class ListeningPort {
    private final DatagramChannel channel;
    private final InetSocketAddress local;
    private SelectionKey key;

    ListeningPort(DatagramChannel channel) throws IOException {
        this.channel = channel;
        this.local = (InetSocketAddress) channel.getLocalAddress();
    }

    void use(SelectionKey key) {
        this.key = key;
    }

    DatagramChannel channel() {
        return channel;
    }

    InetSocketAddress local() {
        return local;
    }

    /** Sends from the listening port; false if the kernel has no room now. */
    boolean send(ByteBuffer packet, InetSocketAddress client) throws IOException {
        boolean sent = channel.send(packet, client) > 0;
        if (!sent) {
            key.interestOps(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
        }
        return sent;
    }

    /** There is room again. */
    void writable() {
        key.interestOps(SelectionKey.OP_READ);
    }
}
