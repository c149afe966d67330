package dev.nbroot.tftp;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.List;
import java.util.function.LongSupplier;

/** The server's thread: waits for packets and deadlines, and hands them on. */
final class ServerLoop implements Runnable {
    /** Requests taken from one address before running transfers get their turn. */
    private static final int REQUESTS_AT_ONCE = 32;

    private final LongSupplier clock;
    private final Selector selector;
    private final List<ListeningPort> ports;
    private final OpenTransfers open;
    private final Reception reception;
    private final Announcer announcer;

    private final Arrivals arrivals = new Arrivals();

    /** One byte more than a request may have, so that a longer one is recognized. */
    private final ByteBuffer incoming = ByteBuffer.allocateDirect(RequestParser.MAX_REQUEST + 1);

    private volatile boolean stopping;

    ServerLoop(
            TftpSettings settings,
            TftpFiles files,
            TftpListener listener,
            TftpSockets sockets,
            LongSupplier clock,
            Selector selector,
            List<ListeningPort> ports)
            throws IOException {
        this.clock = clock;
        this.selector = selector;
        this.ports = ports;
        this.announcer = new Announcer(listener);
        Buffers buffers = new Buffers(Runtime.getRuntime().maxMemory());
        Admission admission = new Admission(settings.maxTransfers(), settings.maxTransfersPerClient());
        PortChooser chooser = new PortChooser(settings.replyPorts(), sockets);
        this.open = new OpenTransfers(clock, admission, buffers, announcer);
        this.reception = new Reception(settings, files, clock, selector, chooser, admission, buffers, open, announcer);
        for (ListeningPort port : ports) {
            port.channel().configureBlocking(false);
            port.use(port.channel().register(selector, SelectionKey.OP_READ, port));
        }
    }

    /** Makes the thread end soon; may be called from any thread. */
    void stop() {
        stopping = true;
        selector.wakeup();
    }

    int openTransfers() {
        return open.count();
    }

    long strayPackets() {
        return reception.strayPackets();
    }

    @Override
    public void run() {
        try {
            while (!stopping && !Thread.currentThread().isInterrupted()) {
                selector.select(this::ready, open.sleepMillis());
                arrivals.handOn(this::received);
                open.look();
            }
        } catch (IOException e) {
            announcer.problem(new IllegalStateException("the TFTP server's selector failed", e));
        } finally {
            open.stop();
            close();
        }
    }

    private void ready(SelectionKey key) {
        try {
            if (!key.isValid()) {
                return;
            }
            if (key.attachment() instanceof OpenTransfer transfer) {
                ready(key, transfer);
            } else {
                ready(key, (ListeningPort) key.attachment());
            }
        } catch (IOException e) {
            announcer.problem(new IllegalStateException("the TFTP server's listening socket failed", e));
        } catch (RuntimeException e) {
            announcer.problem(e);
        } catch (OutOfMemoryError e) {
            // What took the memory is elsewhere, and this goes on when it is given back.
            announcer.problem(new IllegalStateException("out of memory", e));
        }
    }

    private void ready(SelectionKey key, OpenTransfer transfer) {
        try {
            if (key.isReadable()) {
                if (!arrivals.haveRoom()) {
                    arrivals.handOn(this::received);
                }
                arrivals.read(transfer);
            }
            if (!key.isWritable()) {
                return;
            }
            // What came before comes first: it may be the last acknowledgement.
            arrivals.handOn(this::received);
            if (transfer.transfer().ending() == null) {
                transfer.writable(clock.getAsLong());
            }
        } catch (PortUnreachableException e) {
            transfer.portClosed();
        } catch (IOException e) {
            transfer.transfer().end(Outcome.FAILED, "the socket failed: " + e.getMessage());
        }
        open.settle(transfer);
    }

    private void received(OpenTransfer transfer, ByteBuffer packet) {
        try {
            transfer.transfer().received(packet, clock.getAsLong());
        } catch (RuntimeException e) {
            announcer.problem(e);
        }
        open.settle(transfer);
    }

    private void ready(SelectionKey key, ListeningPort port) throws IOException {
        // A client may ask for its next file as soon as it has acknowledged the last block, which came before.
        arrivals.handOn(this::received);
        if (key.isWritable()) {
            port.writable();
            open.writable(port);
        }
        for (int i = 0; i < REQUESTS_AT_ONCE; i++) {
            incoming.clear();
            InetSocketAddress client = (InetSocketAddress) port.channel().receive(incoming);
            if (client == null) {
                return;
            }
            reception.arrived(port, client, incoming.flip());
        }
    }

    private void close() {
        try {
            for (ListeningPort port : ports) {
                port.channel().close();
            }
            selector.close();
        } catch (IOException e) {
            announcer.problem(e);
        }
    }
}
