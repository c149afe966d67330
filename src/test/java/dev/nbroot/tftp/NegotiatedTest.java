package dev.nbroot.tftp;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NegotiatedTest {
    private static final TftpSettings SETTINGS = TftpSettings.on(new InetSocketAddress(0));

    private static Negotiated of(TftpSettings settings, long size, String mode, String... options) {
        String[] words = new String[options.length + 2];
        words[0] = "x";
        words[1] = mode;
        System.arraycopy(options, 0, words, 2, options.length);
        Incoming.Read read = (Incoming.Read) RequestParser.parse(ByteBuffer.wrap(SimpleClient.request(1, words)));
        return Negotiated.of(read, size, settings);
    }

    private static Negotiated of(String... options) {
        return of(SETTINGS, 12345, "octet", options);
    }

    @Test
    void isPlainTftpWithoutOptions() {
        assertThat(of()).isEqualTo(new Negotiated(512, 1, 0, Map.of()));
        assertThat(of("multicast", "", "blksize2", "1024")).isEqualTo(new Negotiated(512, 1, 0, Map.of()));
    }

    @Test
    void agreesToGoodValuesInTheOrderAsked() {
        Negotiated all = of("windowsize", "16", "tsize", "0", "blksize", "1428", "timeout", "255");
        assertThat(all.acknowledged().toString()).isEqualTo("{windowsize=16, tsize=12345, blksize=1428, timeout=255}");
        assertThat(all.blksize()).isEqualTo(1428);
        assertThat(all.window()).isEqualTo(16);
        assertThat(all.timeoutSeconds()).isEqualTo(255);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-1",
                "+512",
                "abc",
                "0",
                "7",
                "65465",
                "1428 ",
                "0x200",
                "99999999999999999999",
                "\u0661\u0662\u0668"
            })
    void leavesOutBadBlockSizes(String value) {
        assertThat(of("blksize", value).acknowledged()).isEmpty();
        assertThat(of("blksize", value).blksize()).isEqualTo(512);
    }

    @ParameterizedTest
    @CsvSource({"timeout, 0", "timeout, 256", "windowsize, 0", "windowsize, 65536", "windowsize, -4", "tsize, x"})
    void leavesOutOtherBadValues(String option, String value) {
        assertThat(of(option, value)).isEqualTo(new Negotiated(512, 1, 0, Map.of()));
    }

    @Test
    void keepsToTheLimits() {
        TftpSettings small = SETTINGS.withLargest(1024, 8);
        assertThat(of(small, 1, "octet", "blksize", "65464", "windowsize", "65535")
                        .acknowledged())
                .containsEntry("blksize", "1024")
                .containsEntry("windowsize", "8");
        assertThat(of("blksize", "65464", "windowsize", "65535").window())
                .as("4 MiB")
                .isEqualTo(64);
    }

    @Test
    void tellsTheSizeOnlyWhereItIsKnownAndHelps() {
        assertThat(of(SETTINGS, 12, "netascii", "tsize", "0").acknowledged()).isEmpty();
        assertThat(of(SETTINGS, 0, "octet", "tsize", "0").acknowledged()).isEmpty();
        assertThat(of(SETTINGS, 1L << 40, "octet", "tsize", "0").acknowledged())
                .containsEntry("tsize", "1099511627776");
    }
}
