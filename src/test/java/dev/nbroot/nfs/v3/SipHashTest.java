package dev.nbroot.nfs.v3;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

class SipHashTest {
    /** From the paper's appendix A: key 00..0f, data 00..0e. */
    @Test
    void agreesWithThePaper() {
        byte[] key = new byte[16];
        byte[] data = new byte[15];
        for (int i = 0; i < 16; i++) {
            key[i] = (byte) i;
            if (i < 15) {
                data[i] = (byte) i;
            }
        }
        SipHash hash = new SipHash(key);
        assertThat(hash.of(ByteBuffer.wrap(data), 0, 15)).isEqualTo(0xa129ca6149be45e5L);
        assertThat(hash.of(ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN), 0, 15))
                .isEqualTo(0xa129ca6149be45e5L);
    }
}
