package dev.nbroot.tftp;

import java.io.IOException;
import java.net.PortUnreachableException;
import java.nio.ByteBuffer;
import java.time.Duration;

/**
 * One transfer as a state machine: packets and the time go in, packets come out of the {@link PacketPort}.
 *
 * <p>Blocks are counted from 1 without end; the 16 bits on the wire roll over from 65535 to 0. Block 0 is the OACK. The
 * blocks {@code base} to {@code next - 1} are on their way; without windows (RFC 7440) that is one block.
 *
 * <p>A repeated acknowledgement never makes a lockstep transfer send again: that is the Sorcerer's Apprentice (RFC 1123,
 * 4.2.3.1). In a window it means that the window's first block was lost, and repeats the window at most once per round
 * trip. All times are nanoseconds of one monotonic clock.
 */
final class Transfer {
    private final Negotiated negotiated;
    private final BlockSource source;
    private final long contentSize;
    private final PacketPort port;
    private final ByteBuffer packet;
    private final RetransmitTimer timer;
    private final long giveUp;
    private final Runnable whenReal;

    /** Where the blocks base to highest + 1 start, by block number modulo its length. */
    private final long[] marks;

    private long base;
    private long next;
    private long highest = -1;
    private long last = Long.MAX_VALUE;
    private int lastLength;

    private boolean blocked;
    private boolean newestSentOnce;
    private long newestSentAt;
    private long windowSentAt;
    private long wentBackAt;
    private long progressAt;
    private long deadline;
    private long retransmitted;
    private long acknowledgedBytes;
    private boolean acknowledged;
    private String trouble = "";
    private Ending ending;

    /**
     * Makes a transfer that has sent nothing.
     *
     * @param netascii the transfer mode
     * @param bytes the content
     * @param packet scratch space of {@link Wire#MAX_PACKET} bytes, shared by all transfers of the thread
     * @param giveUp nanoseconds without progress after which it ends
     * @param whenReal called at the first acknowledgement that leaves something to send
     */
    Transfer(
            Negotiated negotiated,
            boolean netascii,
            ReadAhead bytes,
            PacketPort port,
            ByteBuffer packet,
            Duration giveUp,
            Runnable whenReal) {
        this.negotiated = negotiated;
        this.source = BlockSource.of(netascii, bytes);
        this.contentSize = netascii ? -1 : bytes.size();
        this.port = port;
        this.packet = packet;
        this.timer = new RetransmitTimer(negotiated.timeoutSeconds());
        this.giveUp = Math.max(
                giveUp.toNanos(),
                Duration.ofSeconds(2L * negotiated.timeoutSeconds()).toNanos());
        this.whenReal = whenReal;
        this.marks = new long[negotiated.window() + 2];
    }

    /** Sends the first packet: the OACK if there are options to acknowledge, else block 1. */
    void begin(long now) {
        base = negotiated.acknowledged().isEmpty() ? 1 : 0;
        next = base;
        progressAt = now;
        wentBackAt = now;
        transmit(now);
    }

    /** Takes a packet from the client; anything that is neither ACK nor ERROR is ignored. */
    void received(ByteBuffer in, long now) {
        if (ending != null || in.remaining() < Wire.HEADER) {
            return;
        }
        int opcode = in.getShort(in.position());
        int number = in.getShort(in.position() + 2) & 0xffff;
        if (opcode == Wire.ACK) {
            acknowledge(number, now);
        } else if (opcode == Wire.ERROR) {
            String text = Wire.errorText(in);
            String said = "the client sent error " + number + (text.isEmpty() ? "" : ": " + text);
            end(base == 0 ? Outcome.PROBE : Outcome.CLIENT_ERROR, said + (base == 0 ? "" : at()));
        }
    }

    /** Lets time pass: sends again or gives up when it is due. */
    void tick(long now) {
        if (ending != null || now - deadline < 0) {
            return;
        }
        if (now - progressAt >= giveUp) {
            end(
                    Outcome.TIMED_OUT,
                    "no answer for " + (now - progressAt) / 1_000_000_000L + " s" + at() + " after " + retransmitted
                            + " retransmissions" + trouble);
            return;
        }
        timer.backOff();
        next = base;
        wentBackAt = now;
        transmit(now);
    }

    /** Goes on sending after {@link PacketPort#send} had no room. */
    void writable(long now) {
        if (ending == null && blocked) {
            transmit(now);
        }
    }

    /** Ends the transfer from outside; does nothing if it is over. */
    void end(Outcome outcome, String reason) {
        if (ending == null) {
            ending = new Ending(outcome, reason);
        }
    }

    /** The client's port is closed. A client that wanted only the size may just close it. */
    void unreachable() {
        if (base == 0 && negotiated.acknowledged().containsKey("tsize")) {
            end(Outcome.PROBE, "the client closed its port after it was told the size");
        } else {
            end(Outcome.CLIENT_GONE, "the client closed its port" + at());
        }
    }

    /** {@return why it is over, or null while it runs} */
    Ending ending() {
        return ending;
    }

    /** {@return when {@link #tick} has something to do} */
    long deadline() {
        return deadline;
    }

    /** {@return whether the client has acknowledged anything} */
    boolean acknowledged() {
        return acknowledged;
    }

    long retransmitted() {
        return retransmitted;
    }

    long acknowledgedBytes() {
        return acknowledgedBytes;
    }

    Negotiated negotiated() {
        return negotiated;
    }

    private void acknowledge(int number, long now) {
        long block = highest + (short) (number - (int) highest);
        if (block > highest || block < base - 1) {
            return;
        }
        if (block == base - 1) {
            repeated(now);
            return;
        }
        boolean whole = block == next - 1;
        if (whole && newestSentOnce) {
            timer.sample(now - newestSentAt);
        }
        acknowledgedBytes =
                block == last ? (last - 1) * negotiated.blksize() + lastLength : block * negotiated.blksize();
        base = block + 1;
        progressAt = now;
        if (block == last) {
            acknowledged = true;
            end(Outcome.DONE, "");
            return;
        }
        if (!acknowledged) {
            acknowledged = true;
            whenReal.run();
        }
        if (next < base || !whole && mayGoBack(now)) {
            next = base;
        }
        transmit(now);
    }

    private void repeated(long now) {
        boolean window = negotiated.window() > 1 && base > 0;
        if (window && now - windowSentAt >= timer.roundTrip() / 2 && mayGoBack(now)) {
            next = base;
            transmit(now);
        }
    }

    /** At most once per round trip: further acknowledgements of the same loss are on their way already. */
    private boolean mayGoBack(long now) {
        if (now - wentBackAt < timer.roundTrip()) {
            return false;
        }
        wentBackAt = now;
        return true;
    }

    /** Sends what the window allows from {@code next} on, and sets the deadline. */
    private void transmit(long now) {
        blocked = false;
        if (next == base) {
            windowSentAt = now;
        }
        try {
            while (next <= Math.min(base == 0 ? 0 : base + negotiated.window() - 1, last)) {
                if (!sendNext()) {
                    blocked = true;
                    break;
                }
                newestSentAt = now;
            }
        } catch (PortUnreachableException e) {
            unreachable();
        } catch (ReadFailed e) {
            failRead(e);
        } catch (IOException e) {
            // As good as lost on the way: a full queue or a link that is down may pass.
            trouble = "; the last error was: " + e.getMessage();
        }
        long due = now + timer.timeout();
        long latest = progressAt + giveUp;
        deadline = due - latest > 0 ? latest : due;
    }

    private boolean sendNext() throws IOException {
        long after = next == 0 ? 0 : fill();
        if (next == 0) {
            Wire.oack(packet, negotiated.acknowledged());
        }
        int length = packet.remaining() - Wire.HEADER;
        if (!port.send(packet)) {
            return false;
        }
        newestSentOnce = next > highest;
        if (newestSentOnce) {
            highest = next;
            marks[slot(next + 1)] = after;
            if (next > 0 && length < negotiated.blksize()) {
                last = next;
                lastLength = length;
            }
        } else {
            retransmitted++;
        }
        next++;
        return true;
    }

    /** Puts block {@code next} into the packet and returns where the one after it starts. */
    private long fill() throws ReadFailed {
        packet.clear();
        packet.putShort((short) Wire.DATA).putShort((short) next);
        packet.limit(Wire.HEADER + negotiated.blksize());
        try {
            long after = source.fill(marks[slot(next)], packet);
            packet.flip();
            return after;
        } catch (IOException e) {
            throw new ReadFailed(e);
        }
    }

    private int slot(long block) {
        return (int) (block % marks.length);
    }

    private void failRead(ReadFailed e) {
        end(Outcome.FAILED, e.getCause().getMessage() + at());
        Wire.error(packet, TftpErrorCode.NOT_DEFINED, "the server could not read the file");
        try {
            port.send(packet);
        } catch (IOException ignored) {
            // The client learns it by its own timeout; the listener is told the first error.
            e.addSuppressed(ignored);
        }
    }

    private String at() {
        if (base == 0) {
            return " to the option acknowledgement";
        }
        String of = contentSize < 0 ? "" : " of " + (contentSize / negotiated.blksize() + 1);
        return " at block " + base + of;
    }

    /** Tells an error of the content from one of the network. */
    private static final class ReadFailed extends IOException {
        private static final long serialVersionUID = 1L;

        ReadFailed(IOException cause) {
            super(cause);
        }
    }
}
