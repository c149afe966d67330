package dev.nbroot.tftp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** More acknowledgements at once than the server keeps before it answers. */
class ManyAnswersTest {
    private static final int CLIENTS = 150;
    private static final int SIZE = 2 * 512 + 100;

    private final CountDownLatch held = new CountDownLatch(1);
    private final CountDownLatch go = new CountDownLatch(1);

    /** Byte n is n. */
    private static final class Counting implements TftpContent {
        @Override
        public long size() {
            return SIZE;
        }

        @Override
        public int read(ByteBuffer target, long position) {
            int n = (int) Math.min(target.remaining(), SIZE - position);
            for (int i = 0; i < n; i++) {
                target.put((byte) (position + i));
            }
            return n;
        }

        @Override
        public void close() {}
    }

    private TftpFiles.Answer open(String name, InetSocketAddress client) {
        if (name.equals("hold")) {
            held.countDown();
            await(go);
            return TftpFiles.Refused.missing("it is only there to wait for");
        }
        return new TftpFiles.Served(new Counting(), name);
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void expect(SimpleClient client, int block, int length) throws IOException {
        SimpleClient.Packet packet = client.next(10_000);
        while (packet.number() < block) {
            packet = client.next(10_000);
        }
        assertThat(packet.opcode()).isEqualTo(Wire.DATA);
        assertThat(packet.number()).isEqualTo(block);
        assertThat(packet.rest()).hasSize(length);
        assertThat(packet.rest()[0]).isEqualTo((byte) ((block - 1) * 512));
    }

    @Test
    void everyTransferGetsItsOwnNextBlock() throws Exception {
        Ends ends = new Ends();
        TftpSettings settings = TftpSettings.on(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .withLimits(CLIENTS + 1, CLIENTS + 1);
        List<SimpleClient> clients = new ArrayList<>();
        try (TftpServer server = new TftpServer(settings, this::open, ends)) {
            server.start();
            for (int i = 0; i < CLIENTS; i++) {
                SimpleClient client = new SimpleClient(server.addresses().get(0));
                clients.add(client);
                client.ask(SimpleClient.request(Wire.RRQ, "f", "octet"));
                expect(client, 1, 512);
            }
            try (SimpleClient holding = new SimpleClient(server.addresses().get(0))) {
                holding.ask(SimpleClient.request(Wire.RRQ, "hold", "octet"));
                await(held);
                for (SimpleClient client : clients) {
                    client.reply(Wire.ACK, 1);
                }
                // One of them wants no more: what it says is kept together with what the others say.
                clients.get(100).error(0, "enough");
                go.countDown();
            }
            clients.remove(100).close();
            for (SimpleClient client : clients) {
                expect(client, 2, 512);
                client.reply(Wire.ACK, 2);
                expect(client, 3, 100);
                client.reply(Wire.ACK, 3);
            }
            List<Outcome> outcomes = new ArrayList<>();
            for (int i = 0; i < CLIENTS + 1; i++) {
                outcomes.add(ends.next().outcome());
            }
            assertThat(outcomes).filteredOn(Outcome.DONE::equals).hasSize(CLIENTS - 1);
            assertThat(outcomes).contains(Outcome.MISSING);
            assertThat(outcomes).containsAnyOf(Outcome.CLIENT_ERROR, Outcome.CLIENT_GONE);
        } finally {
            go.countDown();
            clients.forEach(SimpleClient::close);
        }
    }
}
