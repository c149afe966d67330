package dev.nbroot.tftp;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/** The running transfers: wakes them at their deadlines, and takes back what they hold when they are over. */
final class OpenTransfers {
    /** How often deadlines are looked at, at most: each look is a walk over all transfers. */
    private static final long LOOK_EVERY = Duration.ofMillis(5).toNanos();

    /** The longest sleep while transfers are open, so that a clock that jumps is noticed. */
    private static final long LONGEST_SLEEP_MILLIS = 50;

    private final LongSupplier clock;
    private final Admission admission;
    private final Buffers buffers;
    private final Announcer announcer;
    private final Map<Peer, OpenTransfer> open = new HashMap<>();
    private final ByteBuffer heard = ByteBuffer.allocateDirect(Arrivals.SLOT);
    private long nextLook;
    private volatile int count;

    /** A client's port, seen from one of the listening addresses. */
    private record Peer(ListeningPort listener, InetSocketAddress client) {}

    OpenTransfers(LongSupplier clock, Admission admission, Buffers buffers, Announcer announcer) {
        this.clock = clock;
        this.admission = admission;
        this.buffers = buffers;
        this.announcer = announcer;
    }

    /** {@return how many there are; may be asked from any thread} */
    int count() {
        return count;
    }

    /** {@return the transfer to this client's port, or null} */
    OpenTransfer find(ListeningPort listener, InetSocketAddress client) {
        return open.get(new Peer(listener, client));
    }

    /** Enters a transfer into the books and sends its first packet. */
    void begin(OpenTransfer opened, long now) {
        admission.begun(opened.client().getAddress());
        open.put(new Peer(opened.listener(), opened.client()), opened);
        count = open.size();
        opened.transfer().begin(now);
        settle(opened);
    }

    /**
     * Takes what waits in a transfer's own socket: its last acknowledgement may, when its client asks anew or closes its
     * port.
     */
    void hearOut(OpenTransfer opened) {
        Transfer transfer = opened.transfer();
        try {
            while (transfer.ending() == null && opened.read(heard)) {
                transfer.received(heard.flip(), clock.getAsLong());
            }
        } catch (IOException e) {
            transfer.end(Outcome.FAILED, "the socket failed: " + e.getMessage());
        }
    }

    /** Must be called after every event of a transfer: looks whether it is over, or else when it wants to be woken. */
    void settle(OpenTransfer opened) {
        Transfer transfer = opened.transfer();
        if (transfer.ending() == null && opened.takePortClosed()) {
            hearOut(opened);
            transfer.unreachable();
        }
        if (transfer.ending() == null) {
            if (transfer.deadline() - nextLook < 0) {
                nextLook = transfer.deadline();
            }
            return;
        }
        if (!open.remove(new Peer(opened.listener(), opened.client()), opened)) {
            return;
        }
        count = open.size();
        admission.ended(opened.client().getAddress());
        if (opened.bytes().kept() != null) {
            buffers.giveBack(opened.bytes().kept());
        }
        release(opened);
        announcer.ended(new TransferEnd(
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

    /** Closes what a transfer holds, whether or not it ever began. */
    void release(OpenTransfer opened) {
        try {
            opened.close();
        } catch (IOException | RuntimeException e) {
            announcer.problem(e);
        }
    }

    /** {@return how long nothing is due: milliseconds for a selector, 0 for ever} */
    long sleepMillis() {
        if (open.isEmpty()) {
            return 0;
        }
        long millis = (nextLook - clock.getAsLong() + 999_999) / 1_000_000;
        return Math.max(1, Math.min(LONGEST_SLEEP_MILLIS, millis));
    }

    /** Wakes the transfers whose deadline has come. */
    void look() {
        long now = clock.getAsLong();
        if (open.isEmpty() || now - nextLook < 0) {
            return;
        }
        long earliest = now + LONGEST_SLEEP_MILLIS * 1_000_000;
        List<OpenTransfer> due = new ArrayList<>();
        for (OpenTransfer each : open.values()) {
            long deadline = each.transfer().deadline();
            if (now - deadline >= 0) {
                due.add(each);
            } else if (deadline - earliest < 0) {
                earliest = deadline;
            }
        }
        nextLook = now + LOOK_EVERY - earliest > 0 ? now + LOOK_EVERY : earliest;
        for (OpenTransfer each : due) {
            each.transfer().tick(now);
            settle(each);
        }
    }

    /** A listening port has room again: transfers that answer from it go on. */
    void writable(ListeningPort listener) {
        long now = clock.getAsLong();
        for (OpenTransfer each : List.copyOf(open.values())) {
            if (each.listener() == listener) {
                each.transfer().writable(now);
                settle(each);
            }
        }
    }

    /** Ends all of them and tells their clients. */
    void stop() {
        for (OpenTransfer each : List.copyOf(open.values())) {
            String untold = "";
            Wire.error(buffers.packet(), TftpErrorCode.NOT_DEFINED, "the server is being stopped");
            try {
                each.send(buffers.packet());
            } catch (IOException e) {
                untold = "; the client could not be told: " + e.getMessage();
            }
            each.transfer().end(Outcome.STOPPED, "the server was stopped" + untold);
            settle(each);
        }
    }
}
