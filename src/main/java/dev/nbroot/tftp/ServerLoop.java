package dev.nbroot.tftp;

import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/** The server's thread: waits for packets and deadlines, and hands both to the transfers. */
final class ServerLoop implements Runnable {
    /** How often deadlines are looked at, at most: a scan of all transfers. */
    private static final long SCAN_EVERY = Duration.ofMillis(5).toNanos();

    /** The longest sleep while transfers are open, so that a clock that jumps is noticed. */
    private static final long LONGEST_SLEEP_MILLIS = 50;

    /** Requests taken from one address before running transfers get their turn. */
    private static final int REQUESTS_AT_ONCE = 32;

    private final TftpSettings settings;
    private final TftpFiles files;
    private final TftpListener listener;
    private final LongSupplier clock;
    private final Selector selector;
    private final List<ListeningPort> ports;
    private final PortChooser chooser;
    private final Admission admission;
    private final Buffers buffers = new Buffers();
    private final ByteBuffer scratch = ByteBuffer.allocateDirect(Buffers.SIZE);
    private final ByteBuffer outgoing = ByteBuffer.allocateDirect(Wire.MAX_PACKET);
    private final ByteBuffer incoming = ByteBuffer.allocateDirect(RequestParser.MAX_REQUEST + 1);
    private final Map<Peer, OpenTransfer> open = new HashMap<>();
    private long nextScan;
    private volatile boolean stopping;
    private volatile int openTransfers;
    private volatile long strayPackets;

    /** A client's port, seen from one of the listening addresses. */
    private record Peer(ListeningPort listener, InetSocketAddress client) {}

    ServerLoop(
            TftpSettings settings,
            TftpFiles files,
            TftpListener listener,
            TftpSockets sockets,
            LongSupplier clock,
            Selector selector,
            List<ListeningPort> ports)
            throws IOException {
        this.settings = settings;
        this.files = files;
        this.listener = listener;
        this.clock = clock;
        this.selector = selector;
        this.ports = ports;
        this.chooser = new PortChooser(settings.replyPorts(), sockets);
        this.admission = new Admission(settings.maxTransfers(), settings.maxTransfersPerClient());
        for (ListeningPort port : ports) {
            port.channel().configureBlocking(false);
            port.use(port.channel().register(selector, SelectionKey.OP_READ, port));
        }
    }

    void stop() {
        stopping = true;
        selector.wakeup();
    }

    int openTransfers() {
        return openTransfers;
    }

    long strayPackets() {
        return strayPackets;
    }

    @Override
    public void run() {
        try {
            while (!stopping && !Thread.currentThread().isInterrupted()) {
                selector.select(this::ready, sleepMillis());
                scan();
            }
        } catch (IOException e) {
            tell(new IllegalStateException("the TFTP server's selector failed", e));
        } finally {
            closeAll();
        }
    }

    private long sleepMillis() {
        if (open.isEmpty()) {
            return 0;
        }
        long millis = (nextScan - clock.getAsLong() + 999_999) / 1_000_000;
        return Math.max(1, Math.min(LONGEST_SLEEP_MILLIS, millis));
    }

    private void ready(SelectionKey key) {
        try {
            if (key.attachment() instanceof OpenTransfer transfer) {
                ready(key, transfer);
            } else {
                ready(key, (ListeningPort) key.attachment());
            }
        } catch (IOException e) {
            tell(new IllegalStateException("the TFTP server's listening socket failed", e));
        } catch (RuntimeException e) {
            tell(e);
        }
    }

    private void ready(SelectionKey key, OpenTransfer transfer) {
        if (!key.isValid()) {
            return;
        }
        long now = clock.getAsLong();
        if (key.isWritable()) {
            transfer.writable(now);
        }
        if (key.isReadable()) {
            try {
                incoming.clear();
                if (transfer.channel().read(incoming) > 0) {
                    transfer.transfer().received(incoming.flip(), now);
                }
            } catch (PortUnreachableException e) {
                transfer.transfer().unreachable();
            } catch (IOException e) {
                transfer.transfer().end(Outcome.FAILED, "the socket failed: " + e.getMessage());
            }
        }
        settle(transfer);
    }

    private void ready(SelectionKey key, ListeningPort port) throws IOException {
        if (key.isWritable()) {
            port.writable();
            long now = clock.getAsLong();
            for (OpenTransfer transfer : List.copyOf(open.values())) {
                if (transfer.listener() == port) {
                    transfer.transfer().writable(now);
                    settle(transfer);
                }
            }
        }
        for (int i = 0; i < REQUESTS_AT_ONCE; i++) {
            incoming.clear();
            InetSocketAddress client = (InetSocketAddress) port.channel().receive(incoming);
            if (client == null) {
                return;
            }
            arrived(port, client, incoming.flip());
        }
    }

    private void arrived(ListeningPort port, InetSocketAddress client, ByteBuffer packet) {
        if (client.getPort() == 0) {
            strayPackets++;
            return;
        }
        long now = clock.getAsLong();
        OpenTransfer running = open.get(new Peer(port, client));
        boolean forTransfer = packet.remaining() >= Wire.HEADER && packet.getShort(0) >= Wire.DATA;
        if (running != null && forTransfer && settings.replyPorts().single()) {
            running.transfer().received(packet, now);
            settle(running);
            return;
        }
        Incoming parsed = RequestParser.parse(packet);
        if (parsed instanceof Incoming.Read read) {
            requested(port, client, read, running, now);
        } else if (parsed instanceof Incoming.Write write) {
            String reason = "this server does not take files";
            refuse(port, client, write.name(), refusal(Outcome.DENIED, TftpErrorCode.ACCESS_VIOLATION, reason), now);
        } else if (parsed instanceof Incoming.Malformed bad) {
            TftpFiles.Refused why = refusal(Outcome.BAD_REQUEST, TftpErrorCode.ILLEGAL_OPERATION, bad.problem());
            refuse(port, client, bad.name(), why, now);
        } else {
            strayPackets++;
        }
    }

    private void requested(
            ListeningPort port, InetSocketAddress client, Incoming.Read request, OpenTransfer running, long now) {
        if (running != null) {
            if (!running.transfer().acknowledged() && running.request().equals(request)) {
                return; // The client is impatient; the first answer is repeated by its own timer.
            }
            running.transfer().end(Outcome.CLIENT_GONE, "the client asked anew from the same port");
            settle(running);
        }
        String objection = admission.objection(client.getAddress());
        if (!objection.isEmpty()) {
            refuse(port, client, request.name(), overLimit(objection), now);
            return;
        }
        TftpFiles.Answer answer = ask(request, client);
        if (answer instanceof TftpFiles.Served served) {
            begin(new OpenTransfer(port, client, request, served, now), now);
        } else {
            refuse(port, client, request.name(), (TftpFiles.Refused) answer, now);
        }
    }

    private TftpFiles.Answer ask(Incoming.Read request, InetSocketAddress client) {
        try {
            return files.open(request.name(), client);
        } catch (RuntimeException e) {
            tell(e);
            return TftpFiles.Refused.failed("opening the file failed: " + e);
        }
    }

    private void begin(OpenTransfer opened, long now) {
        try {
            if (!settings.replyPorts().single()) {
                DatagramChannel channel = chooser.open(opened.listener().local().getAddress(), opened.client());
                opened.use(channel.configureBlocking(false).register(selector, SelectionKey.OP_READ, opened));
            }
        } catch (BindException e) {
            giveBack(opened);
            refuse(opened.listener(), opened.client(), opened.request().name(), overLimit(e.getMessage()), now);
            return;
        } catch (IOException e) {
            giveBack(opened);
            TftpFiles.Refused why = overLimit("no socket for the transfer: " + e.getMessage());
            refuse(opened.listener(), opened.client(), opened.request().name(), why, now);
            return;
        }
        ReadAhead bytes = new ReadAhead(opened.served().content(), scratch);
        Negotiated negotiated = Negotiated.of(opened.request(), bytes.size(), settings);
        opened.use(
                new Transfer(
                        negotiated,
                        opened.request().netascii(),
                        bytes,
                        opened,
                        outgoing,
                        settings.giveUp(),
                        () -> bytes.keep(buffers.take())),
                bytes);
        admission.begun(opened.client().getAddress());
        open.put(new Peer(opened.listener(), opened.client()), opened);
        openTransfers = open.size();
        opened.transfer().begin(now);
        settle(opened);
    }

    /** Looks whether the transfer is over after an event, and else when it wants to be woken. */
    private void settle(OpenTransfer opened) {
        Transfer transfer = opened.transfer();
        if (transfer.ending() == null) {
            if (transfer.deadline() - nextScan < 0) {
                nextScan = transfer.deadline();
            }
            return;
        }
        if (!open.remove(new Peer(opened.listener(), opened.client()), opened)) {
            return;
        }
        openTransfers = open.size();
        admission.ended(opened.client().getAddress());
        if (opened.bytes().kept() != null) {
            buffers.giveBack(opened.bytes().kept());
        }
        giveBack(opened);
        announce(new TransferEnd(
                opened.listener().local(),
                opened.client(),
                opened.request().name(),
                opened.served().servedName(),
                transfer.ending().outcome(),
                transfer.ending().reason(),
                transfer.acknowledgedBytes(),
                Duration.ofNanos(clock.getAsLong() - opened.begunAt()),
                transfer.negotiated().blksize(),
                transfer.negotiated().window(),
                transfer.retransmitted()));
    }

    private void scan() {
        long now = clock.getAsLong();
        if (open.isEmpty() || now - nextScan < 0) {
            return;
        }
        long earliest = now + LONGEST_SLEEP_MILLIS * 1_000_000;
        List<OpenTransfer> due = new ArrayList<>();
        for (OpenTransfer transfer : open.values()) {
            long deadline = transfer.transfer().deadline();
            if (now - deadline >= 0) {
                due.add(transfer);
            } else if (deadline - earliest < 0) {
                earliest = deadline;
            }
        }
        nextScan = Math.max(earliest, now + SCAN_EVERY);
        for (OpenTransfer transfer : due) {
            transfer.transfer().tick(now);
            settle(transfer);
        }
    }

    private void refuse(ListeningPort port, InetSocketAddress client, String asked, TftpFiles.Refused why, long began) {
        Wire.error(outgoing, why.code(), why.message());
        String undelivered = "";
        try {
            port.channel().send(outgoing, client);
        } catch (IOException e) {
            undelivered = "; the client could not be told: " + e.getMessage();
        }
        Duration took = Duration.ofNanos(clock.getAsLong() - began);
        announce(new TransferEnd(
                port.local(), client, asked, "", why.outcome(), why.reason() + undelivered, 0, took, 0, 0, 0));
    }

    private static TftpFiles.Refused refusal(Outcome outcome, TftpErrorCode code, String reason) {
        return new TftpFiles.Refused(outcome, code, reason, reason);
    }

    private static TftpFiles.Refused overLimit(String reason) {
        return refusal(Outcome.OVER_LIMIT, TftpErrorCode.NOT_DEFINED, reason);
    }

    private void giveBack(OpenTransfer opened) {
        try {
            opened.close();
        } catch (IOException | RuntimeException e) {
            tell(e);
        }
    }

    private void announce(TransferEnd end) {
        try {
            listener.ended(end);
        } catch (RuntimeException e) {
            tell(e);
        }
    }

    private static void tell(Throwable problem) {
        Thread thread = Thread.currentThread();
        thread.getUncaughtExceptionHandler().uncaughtException(thread, problem);
    }

    private void closeAll() {
        for (OpenTransfer opened : List.copyOf(open.values())) {
            opened.transfer().end(Outcome.STOPPED, "the server was stopped");
            Wire.error(outgoing, TftpErrorCode.NOT_DEFINED, "the server is being stopped");
            try {
                opened.send(outgoing);
            } catch (IOException e) {
                // The client finds out by its own timeout; the listener is told below.
                opened.transfer().end(Outcome.STOPPED, "the server was stopped");
            }
            settle(opened);
        }
        try (selector) {
            for (ListeningPort port : ports) {
                port.channel().close();
            }
        } catch (IOException e) {
            tell(e);
        }
    }
}
