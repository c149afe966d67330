package dev.nbroot.tftp;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;

/** A running transfer with what it holds: the content, its socket (or the listener's) and its place in the books. */
final class OpenTransfer implements PacketPort {
    private final ListeningPort listener;
    private final InetSocketAddress client;
    private final Incoming.Read request;
    private final TftpFiles.Served served;
    private final long begunAt;
    private DatagramChannel channel;
    private SelectionKey key;
    private Transfer transfer;
    private ReadAhead bytes;
    private boolean portClosed;

    OpenTransfer(
            ListeningPort listener,
            InetSocketAddress client,
            Incoming.Read request,
            TftpFiles.Served served,
            long begunAt) {
        this.listener = listener;
        this.client = client;
        this.request = request;
        this.served = served;
        this.begunAt = begunAt;
    }

    /** Gives it a socket of its own, which it closes; without, packets go through the listening one. */
    void use(DatagramChannel own) {
        channel = own;
    }

    /** The selector's key of that socket. */
    void use(SelectionKey own) {
        key = own;
    }

    void use(Transfer transfer, ReadAhead bytes) {
        this.transfer = transfer;
        this.bytes = bytes;
    }

    @Override
    public boolean send(ByteBuffer packet) throws IOException {
        if (channel == null) {
            return listener.send(packet, client);
        }
        boolean sent;
        try {
            sent = channel.write(packet) > 0;
        } catch (PortUnreachableException e) {
            // What it said before it closed its port comes first, see OpenTransfers#settle.
            portClosed = true;
            return false;
        }
        if (!sent) {
            key.interestOps(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
        }
        return sent;
    }

    /** The client's port is closed, as was found out when something was to be read. */
    void portClosed() {
        portClosed = true;
    }

    /** {@return whether the client's port was found to be closed since this was asked last} */
    boolean takePortClosed() {
        boolean result = portClosed;
        portClosed = false;
        return result;
    }

    /**
     * Reads a packet that waits in its own socket; an error that waits there too does not hide it.
     *
     * @return false when there is none, or it has no socket of its own
     */
    boolean read(ByteBuffer packet) throws IOException {
        if (channel == null) {
            return false;
        }
        try {
            return channel.read(packet.clear()) > 0;
        } catch (PortUnreachableException e) {
            portClosed = true;
            return channel.read(packet.clear()) > 0;
        }
    }

    /** Goes on sending: the kernel has room again. */
    void writable(long now) {
        if (key != null) {
            key.interestOps(SelectionKey.OP_READ);
        }
        transfer.writable(now);
    }

    DatagramChannel channel() {
        return channel;
    }

    ListeningPort listener() {
        return listener;
    }

    InetSocketAddress client() {
        return client;
    }

    Incoming.Read request() {
        return request;
    }

    TftpFiles.Served served() {
        return served;
    }

    long begunAt() {
        return begunAt;
    }

    Transfer transfer() {
        return transfer;
    }

    ReadAhead bytes() {
        return bytes;
    }

    /** Closes content and socket. */
    void close() throws IOException {
        try {
            served.content().close();
        } finally {
            if (channel != null) {
                channel.close();
            }
        }
    }
}
