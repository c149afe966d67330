package dev.nbroot.tftp;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;

/**
 * One transfer as a state machine: packets and the time go in, packets come out of the {@link PacketPort}.
 *
 * <p>The blocks {@code base} to {@code next - 1} are on their way; without windows (RFC 7440) that is one block. Block 0
 * is the OACK.
 *
 * <p>A repeated acknowledgement never makes a lockstep transfer send again: that is the Sorcerer's Apprentice (RFC 1123,
 * 4.2.3.1). In a window it can mean that the window's first block was lost: {@link Pace} tells.
 */
final class Transfer {
    private final Negotiated negotiated;
    private final Blocks blocks;
    private final long contentSize;
    private final PacketPort port;
    private final Pace pace;
    private final Runnable whenReal;

    private long base;
    private long next;
    private long highest;

    private boolean blocked;
    private boolean acknowledged;
    private long retransmitted;
    private long acknowledgedBytes;
    private String trouble = "";
    private Ending ending;

    /**
     * Makes a transfer that has sent nothing.
     *
     * @param netascii the transfer mode
     * @param bytes the content
     * @param packet scratch space of {@link Wire#MAX_PACKET} bytes, shared by all transfers of the thread
     * @param giveUp how long it goes on without progress
     * @param now the time of the request
     * @param whenReal called at the first acknowledgement that leaves something to send
     */
    Transfer(
            Negotiated negotiated,
            boolean netascii,
            ReadAhead bytes,
            PacketPort port,
            ByteBuffer packet,
            Duration giveUp,
            long now,
            Runnable whenReal) {
        this.negotiated = negotiated;
        this.blocks = new Blocks(negotiated, BlockSource.of(netascii, bytes), packet);
        this.contentSize = netascii ? -1 : bytes.size();
        this.port = port;
        this.pace = new Pace(negotiated.timeoutSeconds(), giveUp, now);
        this.whenReal = whenReal;
        this.base = negotiated.acknowledged().isEmpty() ? 1 : 0;
        this.next = base;
        this.highest = base - 1;
    }

    /** Sends the first packet: the OACK if there are options to acknowledge, else the first window. */
    void begin(long now) {
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
        if (ending != null || now - pace.deadline() < 0) {
            return;
        }
        if (pace.hopeless(now)) {
            end(
                    Outcome.TIMED_OUT,
                    "no answer for " + pace.silentSeconds(now) + " s" + at() + " after " + retransmitted
                            + " retransmissions" + trouble);
            return;
        }
        pace.timedOut(now);
        next = base;
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
        return pace.deadline();
    }

    /** {@return whether the client has acknowledged anything} */
    boolean acknowledged() {
        return acknowledged;
    }

    /** {@return whether the client acknowledged something new within this time} */
    boolean progressedWithin(Duration time, long now) {
        return acknowledged && pace.progressedWithin(time, now);
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
        pace.progressed(whole, now);
        acknowledgedBytes = blocks.bytesThrough(block);
        base = block + 1;
        boolean first = !acknowledged;
        acknowledged = true;
        if (block == blocks.last()) {
            end(Outcome.DONE, "");
            return;
        }
        if (first) {
            whenReal.run();
        }
        if (next < base || !whole && pace.mayGoBack(now)) {
            next = base;
        }
        transmit(now);
    }

    private void repeated(long now) {
        boolean window = negotiated.window() > 1 && base > 0;
        if (window && pace.mayRepeat(now)) {
            next = base;
            transmit(now);
        }
    }

    /** Sends what the window allows from {@code next} on, and sets the deadline. */
    private void transmit(long now) {
        blocked = false;
        if (next == base) {
            pace.windowBegins(now);
        }
        try {
            while (!blocked && next <= Math.min(base == 0 ? 0 : base + negotiated.window() - 1, blocks.last())) {
                sendNext(now);
            }
        } catch (Blocks.ReadFailed e) {
            failRead(e);
        } catch (IOException e) {
            // As good as lost on the way: a full queue or a link that is down may pass.
            trouble = "; the last error was: " + e.getMessage();
        }
        pace.rest(now);
    }

    private void sendNext(long now) throws IOException {
        if (!port.send(blocks.packet(next))) {
            blocked = true;
            return;
        }
        pace.sent(next > highest, now);
        if (next > highest) {
            highest = next;
        } else {
            retransmitted++;
        }
        next++;
    }

    private void failRead(Blocks.ReadFailed e) {
        end(Outcome.FAILED, e.getCause().getMessage() + at());
        try {
            port.send(blocks.unreadable());
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
}
