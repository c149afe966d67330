package dev.nbroot.tftp;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A hundred thousand hostile packets, while an honest client is served. */
class TftpFuzzTest {
    private static final int PACKETS = 100_000;
    private static final int MAX_TRANSFERS = 300;

    @TempDir
    Path root;

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void servesAnHonestClientThroughGarbage(boolean singlePort) throws Exception {
        byte[] content = new byte[100_000];
        new Random(1).nextBytes(content);
        Files.write(root.resolve("f"), content);
        InetAddress honest = InetAddress.getByName("127.0.0.1");
        TftpSettings settings = TftpSettings.on(new InetSocketAddress(honest, 0))
                .withReplyPorts(singlePort ? ReplyPorts.listening() : ReplyPorts.ephemeral())
                .withLimits(MAX_TRANSFERS, MAX_TRANSFERS - 50);
        AtomicInteger done = new AtomicInteger();
        List<Throwable> problems = new ArrayList<>();
        Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
        Thread.setDefaultUncaughtExceptionHandler((thread, problem) -> problems.add(problem));
        long directBefore = direct();
        try (TftpServer server = new TftpServer(
                settings, RootFiles.below(root), end -> done.addAndGet(end.outcome() == Outcome.DONE ? 1 : 0))) {
            server.start();
            Thread attacker = new Thread(() -> attack(server.addresses().get(0)), "attacker");
            attacker.start();
            int fetched = 0;
            int mostOpen = 0;
            long mostDirect = 0;
            while (attacker.isAlive() || fetched < 3) {
                try (SimpleClient client = new SimpleClient(server.addresses().get(0))) {
                    SimpleClient.Got got = client.get("f", "octet", "blksize", "8192");
                    assertThat(got.error()).isEmpty();
                    assertThat(got.content()).isEqualTo(content);
                }
                fetched++;
                mostOpen = Math.max(mostOpen, server.openTransfers());
                mostDirect = Math.max(mostDirect, direct() - directBefore);
            }
            attacker.join();
            assertThat(problems).isEmpty();
            assertThat(mostOpen).isLessThanOrEqualTo(MAX_TRANSFERS);
            assertThat(mostDirect).as("bytes of direct memory").isLessThan((MAX_TRANSFERS + 16L) * Buffers.SIZE);
            assertThat(server.strayPackets()).as("the attack arrived").isGreaterThan(PACKETS / 20);
        } finally {
            Thread.setDefaultUncaughtExceptionHandler(before);
        }
    }

    /** Vanished clients hold no read-ahead buffer, and only as many places as one address may have. */
    @Test
    void vanishedClientsHoldNoBuffersAndNoPlaceOfOthers() throws Exception {
        Files.write(root.resolve("f"), new byte[100_000]);
        InetSocketAddress local = new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0);
        Ends ends = new Ends();
        long directBefore = direct();
        try (TftpServer server =
                new TftpServer(TftpSettings.on(local).withLimits(1000, 400), RootFiles.below(root), ends)) {
            server.start();
            List<DatagramChannel> silent = new ArrayList<>();
            try {
                byte[] request = SimpleClient.request(1, "f", "octet", "blksize", "8192");
                for (int i = 0; i < 500; i++) {
                    DatagramChannel channel =
                            DatagramChannel.open().bind(new InetSocketAddress(InetAddress.getByName("127.0.0.9"), 0));
                    silent.add(channel);
                    channel.send(ByteBuffer.wrap(request), server.addresses().get(0));
                }
                try (SimpleClient client = new SimpleClient(server.addresses().get(0))) {
                    assertThat(client.get("f", "octet").content()).hasSize(100_000);
                }
                TransferEnd end = ends.next();
                while (end.outcome() == Outcome.OVER_LIMIT) {
                    end = ends.next();
                }
                assertThat(end.outcome()).isEqualTo(Outcome.DONE);
                assertThat(server.openTransfers()).isEqualTo(400);
                assertThat(direct() - directBefore).isLessThan(1 << 20);
            } finally {
                for (DatagramChannel channel : silent) {
                    channel.close();
                }
            }
        }
    }

    private static void attack(InetSocketAddress server) {
        Random random = new Random(7);
        byte[][] seeds = {
            SimpleClient.request(1, "f", "octet"),
            SimpleClient.request(1, "f", "netascii", "blksize", "8", "windowsize", "65535"),
            SimpleClient.request(1, "f", "octet", "tsize", "0", "blksize", "65464", "timeout", "255"),
            SimpleClient.request(1, "../../etc/passwd", "octet"),
            SimpleClient.request(2, "upload", "octet"),
            {0, 4, 0, 1},
            {0, 4, 0, 0},
            {0, 3, 0, 1, 1, 2, 3},
            {0, 5, 0, 8, 'x', 0},
            {0, 6, 'b', 0, '1', 0}
        };
        try {
            List<DatagramChannel> sockets = new ArrayList<>();
            try {
                for (int i = 0; i < 40; i++) {
                    DatagramChannel channel = DatagramChannel.open()
                            .bind(new InetSocketAddress(InetAddress.getByName("127.0.0." + (2 + i % 3)), 0));
                    channel.configureBlocking(false);
                    sockets.add(channel);
                }
                ByteBuffer answer = ByteBuffer.allocate(65_536);
                for (int i = 0; i < PACKETS; i++) {
                    DatagramChannel socket = sockets.get(random.nextInt(sockets.size()));
                    socket.send(ByteBuffer.wrap(mutated(random, seeds)), server);
                    answer.clear();
                    InetSocketAddress peer = (InetSocketAddress) socket.receive(answer);
                    if (peer != null) {
                        // Garbage, or an acknowledgement that makes the transfer real, to the transfer's own port.
                        byte[] reply = random.nextBoolean()
                                ? mutated(random, seeds)
                                : new byte[] {0, 4, answer.get(2), (byte) random.nextInt(3)};
                        socket.send(ByteBuffer.wrap(reply), peer);
                    }
                    if (i % 64 == 0) {
                        Thread.sleep(0, 300_000);
                    }
                }
            } finally {
                for (DatagramChannel socket : sockets) {
                    socket.close();
                }
            }
        } catch (java.io.IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] mutated(Random random, byte[][] seeds) {
        byte[] packet = seeds[random.nextInt(seeds.length)].clone();
        if (random.nextInt(5) == 0) {
            packet = new byte[random.nextInt(2000)];
            random.nextBytes(packet);
        }
        for (int flips = random.nextInt(3); flips > 0 && packet.length > 0; flips--) {
            packet[random.nextInt(packet.length)] = (byte) random.nextInt();
        }
        return packet;
    }

    private static long direct() {
        return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("direct"))
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
    }
}
