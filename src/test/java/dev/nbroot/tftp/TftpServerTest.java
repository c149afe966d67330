package dev.nbroot.tftp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TftpServerTest {
    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    @TempDir
    Path root;

    private final Ends ends = new Ends();
    private final AtomicLong leap = new AtomicLong();
    private TftpServer server;

    @BeforeEach
    void start() {
        serve(TftpSettings.on(ANY_PORT));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private void serve(TftpSettings settings) {
        if (server != null) {
            server.close();
        }
        server = new TftpServer(
                settings, RootFiles.below(root), ends, TftpSockets.ofTheKernel(), () -> System.nanoTime() + leap.get());
        server.start();
    }

    private SimpleClient client() throws IOException {
        return new SimpleClient(server.addresses().get(0));
    }

    private byte[] file(String name, int size) throws IOException {
        byte[] content = new byte[size];
        new Random(size).nextBytes(content);
        Files.write(root.resolve(name), content);
        return content;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 511, 512, 513, 1024, 70_000, 1 << 20})
    void servesEverySize(int size) throws Exception {
        byte[] content = file("f", size);
        try (SimpleClient client = client()) {
            assertThat(client.get("f", "octet").content()).isEqualTo(content);
        }
        TransferEnd end = ends.next();
        assertThat(end.outcome()).isEqualTo(Outcome.DONE);
        assertThat(end.bytes()).isEqualTo(size);
        assertThat(end.asked()).isEqualTo("f");
        assertThat(end.served()).isEqualTo("f");
        assertThat(end.blksize()).isEqualTo(512);
        assertThat(end.reason()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"8, 1", "1428, 4", "1428, 64", "8192, 16", "65464, 3", "1000, 256"})
    void servesEveryBlockSizeAndWindow(int blksize, int window) throws Exception {
        byte[] content = file("f", blksize * 50);
        try (SimpleClient client = client()) {
            SimpleClient.Got got =
                    client.get("f", "octet", "blksize", "" + blksize, "windowsize", "" + window, "tsize", "0");
            assertThat(got.content()).isEqualTo(content);
            assertThat(got.options())
                    .containsEntry("blksize", "" + blksize)
                    .containsEntry("windowsize", "" + window)
                    .containsEntry("tsize", "" + content.length);
        }
        TransferEnd end = ends.next();
        assertThat(end.blksize()).isEqualTo(blksize);
        assertThat(end.window()).isEqualTo(window);
        assertThat(end.bytes()).isEqualTo(content.length);
    }

    @Test
    void rollsBlockNumbersOver() throws Exception {
        byte[] content = file("f", 8 * 70_000);
        try (SimpleClient client = client()) {
            assertThat(client.get("f", "octet", "blksize", "8", "windowsize", "32")
                            .content())
                    .isEqualTo(content);
        }
        assertThat(ends.next().bytes()).isEqualTo(content.length);
    }

    @Test
    void encodesNetascii() throws Exception {
        Files.writeString(root.resolve("t"), "one\ntwo\rthree\r\nend");
        try (SimpleClient client = client()) {
            SimpleClient.Got got = client.get("t", "NetASCII", "blksize", "8", "tsize", "0");
            assertThat(new String(got.content(), StandardCharsets.US_ASCII))
                    .isEqualTo("one\r\ntwo\r\0three\r\0\r\nend");
            assertThat(got.options()).containsOnlyKeys("blksize");
        }
        assertThat(ends.next().bytes()).isEqualTo(22);
    }

    @Test
    void answersOnSeveralAddresses() throws Exception {
        byte[] content = file("f", 2000);
        InetSocketAddress second = new InetSocketAddress(InetAddress.getByName("127.0.0.2"), 0);
        serve(TftpSettings.on(ANY_PORT, second));
        try (SimpleClient client = new SimpleClient(server.addresses().get(1))) {
            assertThat(client.get("f", "octet").content()).isEqualTo(content);
            assertThat(client.peer().getAddress()).isEqualTo(second.getAddress());
        }
        assertThat(ends.next().local()).isEqualTo(server.addresses().get(1));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void servesOverIpv6(boolean singlePort) throws Exception {
        InetAddress loopback = InetAddress.getByName("::1");
        assumeTrue(NetworkInterface.getByInetAddress(loopback) != null, "needs IPv6 on the loopback interface");
        byte[] content = file("f", 200_000);
        serve(TftpSettings.on(new InetSocketAddress(loopback, 0))
                .withReplyPorts(singlePort ? ReplyPorts.listening() : ReplyPorts.ephemeral()));
        try (SimpleClient client = client()) {
            assertThat(client.get("f", "octet", "blksize", "1408", "windowsize", "8")
                            .content())
                    .isEqualTo(content);
            assertThat(client.peer().getAddress()).isEqualTo(loopback);
            assertThat(client.get("none", "octet").errorCode()).isEqualTo(1);
        }
        TransferEnd end = ends.next();
        assertThat(end.outcome()).isEqualTo(Outcome.DONE);
        assertThat(TftpAddress.text(end.local())).matches("\\[0:0:0:0:0:0:0:1(%\\w+)?\\]:\\d+");
    }

    @Test
    void answersFromTheListeningPortWhenAsked() throws Exception {
        byte[] content = file("f", 200_000);
        serve(TftpSettings.on(ANY_PORT).withReplyPorts(ReplyPorts.listening()));
        try (SimpleClient client = client()) {
            assertThat(client.get("f", "octet", "windowsize", "16").content()).isEqualTo(content);
            assertThat(client.peer()).isEqualTo(server.addresses().get(0));
        }
        assertThat(ends.next().outcome()).isEqualTo(Outcome.DONE);
    }

    @Test
    void answersFromARangeOfPortsUntilItIsUsedUp() throws Exception {
        file("f", 2000);
        int low = 47_310;
        serve(TftpSettings.on(ANY_PORT).withReplyPorts(ReplyPorts.range(low, low + 1)));
        try (SimpleClient a = client();
                SimpleClient b = client();
                SimpleClient c = client()) {
            a.ask(SimpleClient.request(1, "f", "octet"));
            a.next(5_000);
            b.ask(SimpleClient.request(1, "f", "octet"));
            b.next(5_000);
            assertThat(List.of(a.peer().getPort(), b.peer().getPort())).containsExactlyInAnyOrder(low, low + 1);
            assertThat(c.get("f", "octet").error()).contains("no free port from 47310 to 47311");
            assertThat(ends.next().outcome()).isEqualTo(Outcome.OVER_LIMIT);
        }
    }

    @Test
    void takesASizeProbeForWhatItIs() throws Exception {
        file("f", 5000);
        try (SimpleClient client = client()) {
            client.ask(SimpleClient.request(1, "f", "octet", "tsize", "0", "blksize", "1468", "windowsize", "4"));
            assertThat(client.next(5_000).opcode()).isEqualTo(Wire.OACK);
            client.error(8, "User aborted the transfer");
            TransferEnd end = ends.next();
            assertThat(end.outcome()).isEqualTo(Outcome.PROBE);
            assertThat(end.reason()).contains("error 8: User aborted the transfer");
        }
        try (SimpleClient client = client()) {
            client.ask(SimpleClient.request(1, "f", "octet", "tsize", "0"));
            client.next(5_000);
        }
        assertThat(ends.next().outcome()).as("a port closed after the size").isEqualTo(Outcome.PROBE);
    }

    @Test
    void tellsClientErrorsAndVanishedClients() throws Exception {
        file("f", 5000);
        try (SimpleClient client = client()) {
            client.ask(SimpleClient.request(1, "f", "octet"));
            client.next(5_000);
            client.error(3, "disk\r\nfull");
            TransferEnd end = ends.next();
            assertThat(end.outcome()).isEqualTo(Outcome.CLIENT_ERROR);
            assertThat(TransferEnd.escaped(end.reason()))
                    .isEqualTo("the client sent error 3: disk\\x0d\\x0afull at block 1 of 10");
        }
        try (SimpleClient client = client()) {
            client.ask(SimpleClient.request(1, "f", "octet"));
            client.next(5_000);
        }
        assertThat(ends.next().outcome()).isEqualTo(Outcome.CLIENT_GONE);
    }

    @Test
    void givesUpAfterThirtySeconds() throws Exception {
        file("f", 5000);
        try (SimpleClient client = client()) {
            client.ask(SimpleClient.request(1, "f", "octet"));
            client.next(5_000);
            client.reply(Wire.ACK, 1);
            client.next(5_000);
            leap.addAndGet(Duration.ofSeconds(29).toNanos());
            client.next(5_000);
            assertThat(ends.waiting()).isZero();
            leap.addAndGet(Duration.ofSeconds(2).toNanos());
            TransferEnd end = ends.next();
            assertThat(end.outcome()).isEqualTo(Outcome.TIMED_OUT);
            assertThat(end.reason()).matches("no answer for 3\\d s at block 2 of 10 after \\d+ retransmissions");
            assertThat(end.bytes()).isEqualTo(512);
            assertThat(server.openTransfers()).isZero();
        }
    }

    @Test
    void sendsALostFirstPacketAgainButNotForARepeatedRequest() throws Exception {
        file("f", 5000);
        try (SimpleClient client = client()) {
            client.ask(SimpleClient.request(1, "f", "octet"));
            client.ask(SimpleClient.request(1, "f", "octet"));
            assertThat(client.next(5_000).number()).isEqualTo(1);
            InetSocketAddress first = client.peer();
            assertThat(client.next(5_000).number()).isEqualTo(1);
            assertThat(client.peer()).isEqualTo(first);
            assertThat(server.openTransfers()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void takesALateCopyOfARequestForNoNewOne(boolean singlePort) throws Exception {
        file("f", 5000);
        serve(TftpSettings.on(ANY_PORT).withReplyPorts(singlePort ? ReplyPorts.listening() : ReplyPorts.ephemeral()));
        byte[] request = SimpleClient.request(1, "f", "octet");
        try (SimpleClient client = client()) {
            client.ask(request);
            client.next(5_000);
            client.reply(Wire.ACK, 1);
            assertThat(client.next(5_000).number()).isEqualTo(2);
            InetSocketAddress first = client.peer();
            client.ask(request);
            client.reply(Wire.ACK, 2);
            SimpleClient.Packet packet = client.next(5_000);
            while (packet.number() == 2) {
                packet = client.next(5_000);
            }
            assertThat(packet.number()).isEqualTo(3);
            assertThat(client.peer()).isEqualTo(first);
            assertThat(ends.waiting()).isZero();

            leap.addAndGet(Duration.ofSeconds(3).toNanos());
            client.ask(request);
            packet = client.next(5_000);
            while (packet.number() == 3) {
                packet = client.next(5_000);
            }
            assertThat(packet.number()).isEqualTo(1);
            assertThat(ends.next().outcome()).isEqualTo(Outcome.CLIENT_GONE);
        }
    }

    @Test
    void startsOverWhenTheClientDoes() throws Exception {
        byte[] content = file("f", 5000);
        try (SimpleClient client = client()) {
            client.ask(SimpleClient.request(1, "f", "octet"));
            client.next(5_000);
            client.reply(Wire.ACK, 1);
            client.next(5_000);
            assertThat(client.get("f", "octet", "blksize", "1000").content()).isEqualTo(content);
        }
        assertThat(ends.next().outcome()).isEqualTo(Outcome.CLIENT_GONE);
        assertThat(ends.next().outcome()).isEqualTo(Outcome.DONE);
    }

    /** As firmware does: the last acknowledgement and the next request at once, from one port. */
    @ParameterizedTest
    @ValueSource(strings = {"g", "f"})
    void hearsTheLastAcknowledgementBeforeTheNextRequest(String nextName) throws Exception {
        file("f", 100);
        file("g", 200);
        file("slow", 10);
        CountDownLatch held = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        serve((name, client) -> {
            if (name.equals("slow")) {
                held.countDown();
                await(go);
            }
            return RootFiles.below(root).open(name, client);
        });
        try (SimpleClient client = client();
                SimpleClient other = client()) {
            client.ask(SimpleClient.request(1, "f", "octet"));
            assertThat(client.next(5_000).rest()).hasSize(100);
            other.ask(SimpleClient.request(1, "slow", "octet"));
            await(held);
            client.reply(Wire.ACK, 1);
            client.ask(SimpleClient.request(1, nextName, "octet"));
            go.countDown();
            assertThat(ends.next().outcome()).isEqualTo(Outcome.DONE);
            assertThat(client.next(5_000).rest()).hasSize(nextName.equals("g") ? 200 : 100);
        }
    }

    private void serve(TftpFiles files) {
        server.close();
        server = new TftpServer(
                TftpSettings.on(ANY_PORT),
                files,
                ends,
                TftpSockets.ofTheKernel(),
                () -> System.nanoTime() + leap.get());
        server.start();
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void hearsTheLastAcknowledgementOfAClientThatHasClosedItsPort() throws Exception {
        file("f", 1900);
        file("slow", 10);
        CountDownLatch held = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        serve((name, client) -> {
            if (name.equals("slow")) {
                held.countDown();
                await(go);
            }
            return RootFiles.below(root).open(name, client);
        });
        try (SimpleClient other = client()) {
            try (SimpleClient client = client()) {
                client.ask(SimpleClient.request(1, "f", "octet", "windowsize", "4"));
                client.next(5_000);
                client.reply(Wire.ACK, 0);
                while (client.next(5_000).number() != 4) {
                    Thread.sleep(1);
                }
                Thread.sleep(50);
                other.ask(SimpleClient.request(1, "slow", "octet"));
                await(held);
                // As if the third had come late: what is sent again for that meets a closed port.
                client.reply(Wire.ACK, 2);
                client.reply(Wire.ACK, 4);
            }
            go.countDown();
            assertThat(ends.next().outcome()).isEqualTo(Outcome.DONE);
        }
    }

    @Test
    void refusesWritesModesAndBrokenRequests() throws Exception {
        file("f", 10);
        try (SimpleClient client = client()) {
            client.ask(SimpleClient.request(2, "f", "octet"));
            SimpleClient.Packet answer = client.next(5_000);
            assertThat(answer.opcode()).isEqualTo(Wire.ERROR);
            assertThat(answer.number()).isEqualTo(2);
            assertThat(answer.text()).isEqualTo("this server does not take files");
            assertThat(ends.next().outcome()).isEqualTo(Outcome.DENIED);
            assertThat(client.get("f", "mail").errorCode()).isEqualTo(4);
            assertThat(ends.next().outcome()).isEqualTo(Outcome.BAD_REQUEST);
            client.ask(new byte[] {0, 1, 'f'});
            assertThat(client.next(5_000).number()).isEqualTo(4);
            assertThat(ends.next().asked()).isEmpty();
        }
    }

    @Test
    void neverAnswersWhatIsNoRequest() throws Exception {
        file("f", 10);
        try (SimpleClient client = client()) {
            for (int opcode : new int[] {0, 3, 4, 5, 6, 7, 255}) {
                client.ask(SimpleClient.request(opcode, "x", "octet"));
            }
            assertThat(client.get("f", "octet").content()).hasSize(10);
        }
        assertThat(server.strayPackets()).isEqualTo(7);
        assertThat(ends.next().outcome()).isEqualTo(Outcome.DONE);
        assertThat(ends.waiting()).isZero();
    }

    @Test
    void limitsTransfersPerClientAndInTotal() throws Exception {
        file("f", 5000);
        serve(TftpSettings.on(ANY_PORT).withLimits(100, 2));
        List<SimpleClient> clients = new ArrayList<>();
        try {
            for (int i = 0; i < 2; i++) {
                clients.add(client());
                clients.get(i).ask(SimpleClient.request(1, "f", "octet"));
                clients.get(i).next(5_000);
            }
            clients.add(client());
            assertThat(clients.get(2).get("f", "octet").error())
                    .isEqualTo("this address has 2 transfers open, the limit for one client");
            assertThat(ends.next().outcome()).isEqualTo(Outcome.OVER_LIMIT);
            clients.get(0).error(0, "enough");
            assertThat(ends.next().outcome()).isEqualTo(Outcome.CLIENT_ERROR);
            assertThat(clients.get(2).get("f", "octet").content()).hasSize(5000);
        } finally {
            clients.forEach(SimpleClient::close);
        }
        serve(TftpSettings.on(ANY_PORT).withLimits(1, 2));
        try (SimpleClient a = client();
                SimpleClient b = client()) {
            a.ask(SimpleClient.request(1, "f", "octet"));
            a.next(5_000);
            assertThat(b.get("f", "octet").error()).isEqualTo("the server has 1 transfers open, its limit");
        }
    }

    @Test
    void saysWhichAddressCannotBeBound() {
        InetSocketAddress taken = server.addresses().get(0);
        try (TftpServer other = new TftpServer(TftpSettings.on(ANY_PORT, taken), RootFiles.below(root), ends)) {
            assertThatThrownBy(other::start).isInstanceOfSatisfying(Failure.class, f -> {
                assertThat(f.kind()).isEqualTo(FailureKind.HOST);
                assertThat(f)
                        .hasMessage("cannot listen for TFTP on 127.0.0.1:" + taken.getPort()
                                + "/udp: address already in use");
                assertThat(f.hint()).contains("ss -lunp");
            });
            assertThat(other.addresses()).isEmpty();
        }
        InetSocketAddress foreign = new InetSocketAddress("192.0.2.1", 6969);
        try (TftpServer other = new TftpServer(TftpSettings.on(foreign), RootFiles.below(root), ends)) {
            assertThatThrownBy(other::start)
                    .isInstanceOf(Failure.class)
                    .hasMessageContaining("192.0.2.1:6969/udp")
                    .hasMessageNotContaining("in use");
        }
    }

    @Test
    void tellsOpenTransfersWhenItIsClosed() throws Exception {
        file("f", 5000);
        try (SimpleClient client = client()) {
            client.ask(SimpleClient.request(1, "f", "octet"));
            client.next(5_000);
            long before = System.nanoTime();
            server.close();
            assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(5));
            SimpleClient.Packet packet = client.next(5_000);
            while (packet.opcode() == Wire.DATA) {
                packet = client.next(5_000);
            }
            assertThat(packet.text()).isEqualTo("the server is being stopped");
            assertThat(ends.next().outcome()).isEqualTo(Outcome.STOPPED);
        }
    }

    @Test
    void noticesAFileThatShrinks() throws Exception {
        file("f", 300_000);
        try (SimpleClient client = client()) {
            client.ask(SimpleClient.request(1, "f", "octet", "blksize", "60000"));
            client.next(5_000);
            Files.write(root.resolve("f"), new byte[10]);
            client.reply(Wire.ACK, 0);
            SimpleClient.Packet answer = client.next(5_000);
            assertThat(answer.opcode()).isEqualTo(Wire.ERROR);
            assertThat(answer.text()).isEqualTo("the server could not read the file");
        }
        TransferEnd end = ends.next();
        assertThat(end.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(end.reason()).isEqualTo("the file became shorter while it was being sent at block 1 of 6");
    }
}
