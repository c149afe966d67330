package dev.nbroot.tftp;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RequestParserTest {
    private static Incoming parse(byte[] packet) {
        return RequestParser.parse(ByteBuffer.wrap(packet));
    }

    @Test
    void readsNameModeAndOptions() {
        Incoming.Read read =
                (Incoming.Read) parse(SimpleClient.request(1, "boot/x", "OcTet", "BLKSIZE", "1428", "tsize", "0"));
        assertThat(read.name()).isEqualTo("boot/x");
        assertThat(read.netascii()).isFalse();
        assertThat(read.options())
                .containsExactly(java.util.Map.entry("blksize", "1428"), java.util.Map.entry("tsize", "0"));
        assertThat(((Incoming.Read) parse(SimpleClient.request(1, "x", "NETASCII"))).netascii())
                .isTrue();
    }

    @Test
    void takesTheFirstOfTwoAndStopsAtTheIncomplete() {
        Incoming.Read twice =
                (Incoming.Read) parse(SimpleClient.request(1, "x", "octet", "blksize", "8", "BlkSize", "9", "tsize"));
        assertThat(twice.options()).containsOnlyKeys("blksize").containsEntry("blksize", "8");
        Incoming.Read padded = (Incoming.Read) parse(SimpleClient.request(1, "x", "octet", "", "", "", "blksize", "8"));
        assertThat(padded.options()).as("padding ends the options").isEmpty();
    }

    @Test
    void decodesNames() {
        byte[] utf8 = {0, 1, (byte) 0xc3, (byte) 0xa4, 0, 'o', 'c', 't', 'e', 't', 0};
        assertThat(((Incoming.Read) parse(utf8)).name()).isEqualTo("\u00e4");
        byte[] garbage = {0, 1, 'x', (byte) 0xff, 0, 'o', 'c', 't', 'e', 't', 0};
        assertThat(((Incoming.Read) parse(garbage)).name()).isEqualTo("x\u00ff");
    }

    @Test
    void saysWhatIsWrong() {
        assertThat(parse(new byte[] {0, 1})).isEqualTo(new Incoming.Malformed("", "the request has no file name"));
        assertThat(parse(new byte[] {0, 1, 0, 0})).isInstanceOf(Incoming.Malformed.class);
        assertThat(parse(new byte[] {0, 1, 'x', 0, 'o'}))
                .isEqualTo(new Incoming.Malformed("x", "the request has no transfer mode"));
        assertThat(parse(SimpleClient.request(1, "x", "mail"))).isInstanceOf(Incoming.Malformed.class);
        assertThat(parse(SimpleClient.request(1, "x".repeat(1500), "octet"))).isInstanceOf(Incoming.Malformed.class);
        assertThat(parse(SimpleClient.request(2, "x", "octet"))).isEqualTo(new Incoming.Write("x"));
        for (byte[] stray : new byte[][] {{}, {0}, {0, 0}, {0, 3, 0, 1}, {0, 4, 0, 1}, {0, 5}, {1, 1, 'x', 0}}) {
            assertThat(parse(stray)).isEqualTo(new Incoming.Stray());
        }
    }

    @Test
    void survivesAnything() {
        Random random = new Random(1350);
        byte[] good = SimpleClient.request(1, "pxelinux.cfg/default", "octet", "tsize", "0", "blksize", "1408");
        int reads = 0;
        for (int i = 0; i < 300_000; i++) {
            byte[] packet = i % 3 == 0 ? new byte[random.nextInt(60)] : good.clone();
            if (i % 3 == 0) {
                random.nextBytes(packet);
            }
            for (int flips = random.nextInt(4); flips > 0 && packet.length > 0; flips--) {
                packet[random.nextInt(packet.length)] = (byte) random.nextInt();
            }
            ByteBuffer cut = ByteBuffer.wrap(packet, 0, i % 5 == 0 ? random.nextInt(packet.length + 1) : packet.length);
            if (RequestParser.parse(cut) instanceof Incoming.Read read) {
                reads++;
                assertThat(read.name()).isNotEmpty();
                assertThat(read.options().size()).isLessThanOrEqualTo(packet.length / 2);
                Negotiated n = Negotiated.of(read, 1000, TftpSettings.on(new java.net.InetSocketAddress(0)));
                assertThat(n.blksize()).isBetween(8, 65464);
                assertThat(n.window()).isBetween(1, 256);
            }
        }
        assertThat(reads).isGreaterThan(50_000);
    }
}
