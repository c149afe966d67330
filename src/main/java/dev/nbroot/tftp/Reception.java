package dev.nbroot.tftp;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.function.LongSupplier;

/** What happens to packets that come to a listening port: a transfer begins, or the client is told why not. */
final class Reception {
    private static final Duration LATE_COPY = Duration.ofSeconds(2);

    private final TftpSettings settings;
    private final TftpFiles files;
    private final LongSupplier clock;
    private final Selector selector;
    private final PortChooser chooser;
    private final Admission admission;
    private final Buffers buffers;
    private final OpenTransfers open;
    private final Announcer announcer;
    private volatile long strayPackets;

    Reception(
            TftpSettings settings,
            TftpFiles files,
            LongSupplier clock,
            Selector selector,
            PortChooser chooser,
            Admission admission,
            Buffers buffers,
            OpenTransfers open,
            Announcer announcer) {
        this.settings = settings;
        this.files = files;
        this.clock = clock;
        this.selector = selector;
        this.chooser = chooser;
        this.admission = admission;
        this.buffers = buffers;
        this.open = open;
        this.announcer = announcer;
    }

    /** {@return how many packets were no requests; may be asked from any thread} */
    long strayPackets() {
        return strayPackets;
    }

    /** Takes one packet. */
    void arrived(ListeningPort port, InetSocketAddress client, ByteBuffer packet) {
        long now = clock.getAsLong();
        OpenTransfer running = open.find(port, client);
        boolean answer = packet.remaining() >= Wire.HEADER && packet.getShort(0) >= Wire.DATA;
        if (answer && running != null && settings.replyPorts().single()) {
            running.transfer().received(packet, now);
            open.settle(running);
            return;
        }
        Incoming parsed = client.getPort() == 0 ? new Incoming.Stray() : RequestParser.parse(packet);
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
            if (running.request().equals(request) && !startsOver(running.transfer(), now)) {
                return;
            }
            running.transfer().end(Outcome.CLIENT_GONE, "the client asked anew from the same port");
            open.settle(running);
        }
        String objection = admission.objection(client.getAddress());
        if (!objection.isEmpty()) {
            refuse(port, client, request.name(), overLimit(objection), now);
            return;
        }
        TftpFiles.Answer answer = ask(request, client);
        if (answer instanceof TftpFiles.Served served) {
            begin(new OpenTransfer(port, client, request, served, now), now);
        } else if (answer instanceof TftpFiles.Refused refused) {
            refuse(port, client, request.name(), refused, now);
        }
    }

    /**
     * The same request again is a copy as long as its answer is under way (the transfer's own timer repeats that) or the
     * transfer goes on: an impatient client's second request may be read after its first acknowledgement.
     */
    private static boolean startsOver(Transfer running, long now) {
        return running.acknowledged() && !running.progressedWithin(LATE_COPY, now);
    }

    private TftpFiles.Answer ask(Incoming.Read request, InetSocketAddress client) {
        try {
            return files.open(request.name(), client);
        } catch (RuntimeException e) {
            announcer.problem(e);
            return TftpFiles.Refused.failed("opening the file failed: " + e);
        }
    }

    private void begin(OpenTransfer opened, long now) {
        try {
            if (!settings.replyPorts().single()) {
                DatagramChannel channel = chooser.open(opened.listener().local().getAddress(), opened.client());
                opened.use(channel);
                opened.use(channel.configureBlocking(false).register(selector, SelectionKey.OP_READ, opened));
            }
        } catch (IOException e) {
            open.release(opened);
            TftpFiles.Refused why = overLimit("no socket for the transfer: " + e.getMessage());
            refuse(opened.listener(), opened.client(), opened.request().name(), why, now);
            return;
        }
        ReadAhead bytes = new ReadAhead(opened.served().content(), buffers.scratch());
        Transfer transfer = new Transfer(
                Negotiated.of(opened.request(), bytes.size(), settings),
                opened.request().netascii(),
                bytes,
                opened,
                buffers.packet(),
                settings.giveUp(),
                now,
                () -> buffers.take().ifPresent(bytes::keep));
        opened.use(transfer, bytes);
        open.begin(opened, now);
    }

    /** Answers from the listening port: a socket of its own for one packet would only make an attack cheaper. */
    private void refuse(ListeningPort port, InetSocketAddress client, String asked, TftpFiles.Refused why, long began) {
        Wire.error(buffers.packet(), why.code(), why.message());
        String untold = "";
        try {
            port.channel().send(buffers.packet(), client);
        } catch (IOException e) {
            untold = "; the client could not be told: " + e.getMessage();
        }
        Duration took = Duration.ofNanos(clock.getAsLong() - began);
        announcer.ended(new TransferEnd(
                port.local(), client, asked, "", why.outcome(), why.reason() + untold, 0, took, 0, 0, 0));
    }

    private static TftpFiles.Refused refusal(Outcome outcome, TftpErrorCode code, String reason) {
        return new TftpFiles.Refused(outcome, code, reason, reason);
    }

    private static TftpFiles.Refused overLimit(String reason) {
        return refusal(Outcome.OVER_LIMIT, TftpErrorCode.NOT_DEFINED, reason);
    }
}
