package dev.nbroot.tftp;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.PriorityQueue;
import java.util.Random;

/**
 * A transfer and a client (RFC 7440 receiver) on a link that delays, loses, doubles and reorders packets, in simulated
 * time: nothing sleeps.
 */
final class SimulatedLink implements PacketPort {
    static final long MS = 1_000_000;

    private record Arrival(long at, long order, boolean toServer, byte[] packet) {}

    private final PriorityQueue<Arrival> inFlight = new PriorityQueue<>(SimulatedLink::order);
    private final Random random = new Random(7440);
    private final int blksize;
    private final int window;
    private final ByteArrayOutputStream received = new ByteArrayOutputStream();
    private long now = Long.MAX_VALUE - 1_000_000_000L; // The clock overflows in the middle of the test: it may.
    private final long began = now;
    private long sent;
    private long expected = 1;
    private int inWindow;
    private long clientHeardAt = now;
    private boolean clientDone;
    private boolean real;

    // The link's and the client's faults.
    double loss;
    double doubled;
    long delay = MS / 2;
    long jitter;
    long clientPatience = 1000 * MS;
    long clientThinks;
    int noRoomEvery;
    long dropServerPacket = -1;
    boolean buffersLeft = true;
    long clientPerPacket;
    long clientStallsAt = -1;
    long clientStallsFor;
    private long clientFreeAt = now;

    private SimulatedLink(int blksize, int window) {
        this.blksize = blksize;
        this.window = window;
    }

    static SimulatedLink of(int blksize, int window) {
        return new SimulatedLink(blksize, window);
    }

    Transfer transfer;

    /** Compares differences, because the clock overflows. */
    private static int order(Arrival a, Arrival b) {
        return a.at() == b.at() ? Long.compare(a.order(), b.order()) : Long.signum(a.at() - b.at());
    }

    /** Runs the whole transfer, for at most an hour of simulated time. */
    SimulatedLink run(byte[] content, boolean netascii, Negotiated negotiated) {
        ByteBuffer scratch = ByteBuffer.allocate(Buffers.SIZE);
        ReadAhead bytes = new ReadAhead(content(content), scratch);
        transfer = new Transfer(
                negotiated,
                netascii,
                bytes,
                this,
                ByteBuffer.allocate(Wire.MAX_PACKET),
                Duration.ofSeconds(30),
                now,
                () -> {
                    if (buffersLeft) {
                        real = true;
                        bytes.keep(ByteBuffer.allocate(Math.max(blksize, 3000)));
                    }
                });
        transfer.begin(now);
        while (transfer.ending() == null) {
            if (!real) {
                // Other transfers use the shared scratch buffer in between.
                random.nextBytes(scratch.array());
            }
            step();
            if (now - began > 3_600_000 * MS) {
                throw new AssertionError("no end after an hour");
            }
        }
        return this;
    }

    private void step() {
        long next = transfer.deadline();
        Arrival arrival = inFlight.peek();
        long patienceEnds = clientHeardAt + clientPatience;
        boolean clientWaits = clientPatience > 0 && !clientDone && expected > 1;
        if (clientWaits && patienceEnds - next < 0) {
            next = patienceEnds;
        }
        if (arrival != null && arrival.at() - next <= 0) {
            inFlight.poll();
            now = arrival.at();
            if (arrival.toServer()) {
                transfer.received(ByteBuffer.wrap(arrival.packet()), now);
            } else {
                clientReceives(ByteBuffer.wrap(arrival.packet()));
            }
        } else {
            now = next;
            if (clientWaits && now == patienceEnds) {
                clientHeardAt = now;
                inWindow = 0;
                acknowledge();
            }
            transfer.tick(now);
        }
        transfer.writable(now);
    }

    private void clientReceives(ByteBuffer packet) {
        clientHeardAt = now;
        int opcode = packet.getShort();
        if (opcode == Wire.OACK) {
            acknowledge();
            return;
        }
        if (opcode != Wire.DATA) {
            return;
        }
        int number = packet.getShort() & 0xffff;
        if (number != (expected & 0xffff)) {
            boolean old = (short) (number - (int) expected) < 0;
            if (window > 1 || old) {
                inWindow = 0;
                acknowledge();
            }
            return;
        }
        boolean last = packet.remaining() < blksize;
        received.write(packet.array(), packet.position(), packet.remaining());
        expected++;
        inWindow++;
        clientDone |= last;
        if (last || inWindow == window) {
            inWindow = 0;
            acknowledge();
        }
    }

    private void acknowledge() {
        launch(true, ack((int) (expected - 1)), clientThinks);
    }

    static byte[] ack(int number) {
        return new byte[] {0, Wire.ACK, (byte) (number >> 8), (byte) number};
    }

    @Override
    public boolean send(ByteBuffer packet) {
        if (noRoomEvery > 0 && random.nextInt(noRoomEvery) == 0) {
            return false;
        }
        byte[] copy = new byte[packet.remaining()];
        packet.get(copy);
        sent++;
        if (sent != dropServerPacket) {
            launch(false, copy, 0);
        }
        return true;
    }

    private void launch(boolean toServer, byte[] packet, long extra) {
        int copies = random.nextDouble() < doubled ? 2 : 1;
        for (int i = 0; i < copies; i++) {
            long order = random.nextLong() >>> 1;
            long at = now + delay + extra + (jitter == 0 ? 0 : random.nextLong(jitter));
            if (!toServer && clientPerPacket > 0) {
                at = clientReaches(at);
            }
            if (random.nextDouble() >= loss) {
                inFlight.add(new Arrival(at, jitter == 0 ? inFlight.size() + sent : order, toServer, packet));
            }
        }
    }

    /** The client takes one packet after the other, and now and then somebody takes its processor away. */
    private long clientReaches(long at) {
        if (clientStallsAt >= 0 && at - began >= clientStallsAt) {
            clientStallsAt = -1;
            clientFreeAt = at + clientStallsFor;
        }
        clientFreeAt = (clientFreeAt - at > 0 ? clientFreeAt : at) + clientPerPacket;
        return clientFreeAt;
    }

    byte[] received() {
        return received.toByteArray();
    }

    long packetsFromServer() {
        return sent;
    }

    boolean real() {
        return real;
    }

    Duration took() {
        return Duration.ofNanos(now - began);
    }

    static TftpContent content(byte[] bytes) {
        return new TftpContent() {
            @Override
            public long size() {
                return bytes.length;
            }

            @Override
            public int read(ByteBuffer target, long position) {
                if (position >= bytes.length) {
                    return -1;
                }
                // Short reads are allowed.
                int count = Math.min(Math.min(target.remaining(), bytes.length - (int) position), 1000);
                target.put(bytes, (int) position, count);
                return count;
            }

            @Override
            public void close() {}
        };
    }
}
