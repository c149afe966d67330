package dev.nbroot.tftp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TransferTest {
    private static final long MS = SimulatedLink.MS;

    private static byte[] random(int size) {
        byte[] content = new byte[size];
        new Random(size).nextBytes(content);
        return content;
    }

    private static Negotiated plain(int blksize, int window) {
        return new Negotiated(blksize, window, 0, Map.of("blksize", "" + blksize, "windowsize", "" + window));
    }

    private static Negotiated noOptions() {
        return new Negotiated(512, 1, 0, Map.of());
    }

    @ParameterizedTest
    @CsvSource({"0, 512, 1", "511, 512, 1", "512, 512, 1", "1024, 512, 2", "100000, 1428, 16", "8192, 8, 64"})
    void sendsEachBlockOnceOnAGoodLink(int size, int blksize, int window) {
        SimulatedLink link = SimulatedLink.of(blksize, window).run(random(size), false, plain(blksize, window));
        assertThat(link.received()).isEqualTo(random(size));
        assertThat(link.transfer.ending()).isEqualTo(new Ending(Outcome.DONE, ""));
        assertThat(link.packetsFromServer()).isEqualTo(1 + size / blksize + 1);
        assertThat(link.transfer.retransmitted()).isZero();
        assertThat(link.transfer.acknowledgedBytes()).isEqualTo(size);
    }

    @ParameterizedTest
    @CsvSource({"1, 0.01", "1, 0.2", "4, 0.05", "16, 0.01", "16, 0.2", "64, 0.1"})
    void survivesLossEvenIfTheClientNeverRepeatsItself(int window, double loss) {
        for (long patience : new long[] {0, 1000 * MS}) {
            SimulatedLink link = SimulatedLink.of(512, window);
            link.loss = loss;
            link.clientPatience = patience;
            link.run(random(400_000), false, plain(512, window));
            if (link.transfer.ending().outcome() == Outcome.TIMED_OUT) {
                // The client leaves after its last ACK: that ACK may be the lost one.
                assertThat(patience).isZero();
            }
            assertThat(link.received()).isEqualTo(random(400_000));
        }
    }

    @Test
    void isFastUnderLoss() {
        SimulatedLink lockstep = SimulatedLink.of(1428, 1);
        lockstep.loss = 0.01;
        lockstep.run(random(8_000_000), false, plain(1428, 1));
        // 5603 round trips of 1 ms, and about 112 losses of 50 ms.
        assertThat(lockstep.took()).isLessThan(Duration.ofSeconds(14));
        SimulatedLink window = SimulatedLink.of(1428, 16);
        window.loss = 0.01;
        window.run(random(8_000_000), false, plain(1428, 16));
        assertThat(window.took()).isLessThan(Duration.ofSeconds(4));
        assertThat(window.received()).isEqualTo(random(8_000_000));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4, 16})
    void survivesDoubledAndReorderedPackets(int window) {
        SimulatedLink link = SimulatedLink.of(512, window);
        link.doubled = 0.3;
        link.jitter = 3 * MS;
        link.loss = 0.02;
        link.run(random(300_000), false, plain(512, window));
        assertThat(link.received()).isEqualTo(random(300_000));
    }

    @Test
    void isNoSorcerersApprentice() {
        SimulatedLink link = SimulatedLink.of(512, 1);
        link.doubled = 1;
        link.run(random(100_000), false, noOptions());
        assertThat(link.packetsFromServer()).isEqualTo(100_000 / 512 + 1);
        assertThat(link.transfer.retransmitted()).isZero();
    }

    @Test
    void doubledAcknowledgementsDoNotMultiplyWindows() {
        SimulatedLink link = SimulatedLink.of(512, 16);
        link.doubled = 1;
        link.run(random(500_000), false, plain(512, 16));
        assertThat(link.received()).isEqualTo(random(500_000));
        assertThat(link.transfer.retransmitted()).isLessThan(2 * (500_000 / 512));
    }

    @ParameterizedTest
    @CsvSource({"1, 0", "16, 0.01"})
    void rollsOverUnderLoss(int window, double loss) {
        SimulatedLink link = SimulatedLink.of(8, window);
        link.loss = loss;
        link.run(random(8 * 140_000), false, plain(8, window));
        assertThat(link.received()).isEqualTo(random(8 * 140_000));
    }

    @ParameterizedTest
    @CsvSource({"8, 1, 0", "8, 4, 0.05", "512, 1, 0.1", "512, 16, 0.05"})
    void encodesNetasciiTheSameWayEachTime(int blksize, int window, double loss) {
        byte[] text = new byte[20_000];
        byte[] letters = {'a', '\n', '\r', 0};
        Random random = new Random(764);
        ByteArrayOutputStream encoded = new ByteArrayOutputStream();
        for (int i = 0; i < text.length; i++) {
            text[i] = letters[random.nextInt(letters.length)];
            if (text[i] == '\n') {
                encoded.write('\r');
            }
            encoded.write(text[i]);
            if (text[i] == '\r') {
                encoded.write(0);
            }
        }
        SimulatedLink link = SimulatedLink.of(blksize, window);
        link.loss = loss;
        link.run(text, true, plain(blksize, window));
        assertThat(link.received()).isEqualTo(encoded.toByteArray());
        if (loss == 0) {
            assertThat(link.transfer.acknowledgedBytes()).isEqualTo(encoded.size());
        }
    }

    @ParameterizedTest
    @CsvSource({"1, false", "16, false", "16, true"})
    void doesWithoutABufferOfItsOwn(int window, boolean netascii) {
        SimulatedLink link = SimulatedLink.of(512, window);
        link.buffersLeft = false;
        link.loss = 0.02;
        byte[] letters = "abcdefgh".repeat(20_000).getBytes(StandardCharsets.US_ASCII);
        link.run(letters, netascii, plain(512, window));
        assertThat(link.received()).isEqualTo(letters);
        assertThat(link.real()).isFalse();
    }

    @Test
    void waitsForRoomInTheKernel() {
        SimulatedLink link = SimulatedLink.of(512, 16);
        link.noRoomEvery = 3;
        link.loss = 0.02;
        link.run(random(200_000), false, plain(512, 16));
        assertThat(link.received()).isEqualTo(random(200_000));
    }

    /** The Sorcerer's Apprentice in windows: the answers to a needless repetition must not ask for the next one. */
    @Test
    void sendsOnlyOneWindowTwiceWhenTheClientStalls() {
        SimulatedLink link = SimulatedLink.of(512, 16);
        link.clientPatience = 0;
        link.clientPerPacket = MS / 10;
        link.clientStallsAt = 40 * MS;
        link.clientStallsFor = 80 * MS;
        link.run(random(512 * 3000), false, plain(512, 16));
        assertThat(link.received()).isEqualTo(random(512 * 3000));
        assertThat(link.transfer.retransmitted()).isEqualTo(16);
    }

    @Test
    void repairsALostFirstBlockOfAWindowWithinRoundTrips() {
        SimulatedLink link = SimulatedLink.of(512, 8);
        link.clientPatience = 0;
        link.dropServerPacket = 1 + 8 + 1;
        link.run(random(512 * 32 - 1), false, plain(512, 8));
        assertThat(link.received()).isEqualTo(random(512 * 32 - 1));
        assertThat(link.transfer.retransmitted()).isEqualTo(8);
        assertThat(link.took()).as("no timeout of 50 ms was needed").isLessThan(Duration.ofMillis(20));
    }

    @Test
    void repairsALossInsideAWindowFromTheLostBlockOn() {
        SimulatedLink link = SimulatedLink.of(512, 8);
        link.clientPatience = 0;
        link.dropServerPacket = 1 + 8 + 4;
        link.run(random(512 * 32 - 1), false, plain(512, 8));
        assertThat(link.received()).isEqualTo(random(512 * 32 - 1));
        assertThat(link.transfer.retransmitted()).isLessThanOrEqualTo(8);
        assertThat(link.took()).isLessThan(Duration.ofMillis(20));
    }

    @Test
    void isPatientWithASlowClient() {
        SimulatedLink link = SimulatedLink.of(512, 1);
        link.clientThinks = 3000 * MS;
        link.clientPatience = 0;
        link.run(random(512 * 20), false, noOptions());
        assertThat(link.transfer.ending().outcome()).isEqualTo(Outcome.DONE);
        assertThat(link.received()).isEqualTo(random(512 * 20));
        assertThat(link.transfer.retransmitted()).isLessThan(50);
    }

    /** A port that only counts. */
    private static final class Sent implements PacketPort {
        private final List<Integer> numbers = new ArrayList<>();

        @Override
        public boolean send(ByteBuffer packet) {
            numbers.add(packet.getShort(0) == Wire.DATA ? packet.getShort(2) & 0xffff : -packet.getShort(0));
            return true;
        }
    }

    private static Transfer begun(Sent sent, TftpContent content, Negotiated negotiated) {
        ReadAhead bytes = new ReadAhead(content, ByteBuffer.allocate(Buffers.SIZE));
        Transfer transfer = new Transfer(
                negotiated,
                false,
                bytes,
                sent,
                ByteBuffer.allocate(Wire.MAX_PACKET),
                Duration.ofSeconds(30),
                0,
                () -> bytes.keep(ByteBuffer.allocate(Buffers.SIZE)));
        transfer.begin(0);
        return transfer;
    }

    private static void ack(Transfer transfer, int number, long now) {
        transfer.received(ByteBuffer.wrap(SimulatedLink.ack(number)), now);
    }

    @Test
    void ignoresStaleAndFutureAcknowledgements() {
        Sent sent = new Sent();
        Transfer transfer = begun(sent, SimulatedLink.content(random(5000)), noOptions());
        ack(transfer, 2, MS);
        ack(transfer, 65535, MS);
        ack(transfer, 0, MS);
        assertThat(sent.numbers).containsExactly(1);
        ack(transfer, 1, 2 * MS);
        ack(transfer, 1, 3 * MS);
        ack(transfer, 1, 4 * MS);
        ack(transfer, 0, 5 * MS);
        ack(transfer, 40000, 5 * MS);
        assertThat(sent.numbers).containsExactly(1, 2);
        transfer.received(ByteBuffer.wrap(new byte[] {0, Wire.ACK, 0}), 6 * MS);
        transfer.received(ByteBuffer.wrap(new byte[] {0, Wire.DATA, 0, 2}), 6 * MS);
        assertThat(sent.numbers).containsExactly(1, 2);
        assertThat(transfer.ending()).isNull();
    }

    @Test
    void givesUpByTimeNotByCount() {
        Sent sent = new Sent();
        Transfer transfer = begun(sent, SimulatedLink.content(random(5000)), noOptions());
        long now = 0;
        while (transfer.ending() == null) {
            now = transfer.deadline();
            transfer.tick(now);
        }
        assertThat(now).isEqualTo(30_000 * MS);
        assertThat(transfer.ending().outcome()).isEqualTo(Outcome.TIMED_OUT);
        assertThat(transfer.ending().reason())
                .isEqualTo(
                        "no answer for 30 s at block 1 of 10 after " + (sent.numbers.size() - 1) + " retransmissions");
        assertThat(sent.numbers.size()).isBetween(5, 15);
    }

    @Test
    void waitsLongerForAClientThatAskedForIt() {
        Sent sent = new Sent();
        Transfer transfer =
                begun(sent, SimulatedLink.content(random(5000)), new Negotiated(512, 1, 60, Map.of("timeout", "60")));
        long now = 0;
        while (transfer.ending() == null) {
            now = transfer.deadline();
            transfer.tick(now);
        }
        assertThat(now).isEqualTo(120_000 * MS);
        assertThat(sent.numbers).containsOnly(-Wire.OACK);
        assertThat(transfer.ending().reason()).contains("to the option acknowledgement");
    }

    @Test
    void keepsNoBufferForAProbe() {
        boolean[] real = {false};
        ReadAhead bytes = new ReadAhead(SimulatedLink.content(random(5000)), ByteBuffer.allocate(Buffers.SIZE));
        Transfer transfer = new Transfer(
                noOptions(),
                false,
                bytes,
                new Sent(),
                ByteBuffer.allocate(Wire.MAX_PACKET),
                Duration.ofSeconds(30),
                0,
                () -> real[0] = true);
        transfer.begin(0);
        transfer.tick(1000 * MS);
        assertThat(real[0]).isFalse();
        ack(transfer, 1, 1001 * MS);
        assertThat(real[0]).isTrue();
    }

    @Test
    void tellsTheClientWhenTheFileCannotBeRead() {
        Sent sent = new Sent();
        TftpContent broken = new TftpContent() {
            @Override
            public long size() {
                return 5000;
            }

            @Override
            public int read(ByteBuffer target, long position) throws IOException {
                throw new IOException("Input/output error");
            }

            @Override
            public void close() {}
        };
        Transfer transfer = begun(sent, broken, noOptions());
        assertThat(sent.numbers).containsExactly(-Wire.ERROR);
        assertThat(transfer.ending()).isEqualTo(new Ending(Outcome.FAILED, "Input/output error at block 1 of 10"));
    }
}
