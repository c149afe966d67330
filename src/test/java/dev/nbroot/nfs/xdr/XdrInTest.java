package dev.nbroot.nfs.xdr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;

class XdrInTest {
    private final XdrIn in = new XdrIn();
    private final XdrOut out = new XdrOut();

    @Test
    void readsWhatXdrOutWrites() {
        ByteBuffer buffer = ByteBuffer.allocate(100);
        out.reset(buffer);
        out.int32(-7);
        out.int64(1L << 40);
        out.bool(true);
        out.text("fünf");
        out.opaque(new byte[] {1, 2, 3});
        in.reset(buffer, 0, buffer.position());
        assertThat(in.int32()).isEqualTo(-7);
        assertThat(in.int64()).isEqualTo(1L << 40);
        assertThat(in.bool()).isTrue();
        assertThat(in.text(10)).isEqualTo("fünf");
        assertThat(in.opaque(3)).isEqualTo(3);
        assertThat(buffer.get(in.data() + 2)).isEqualTo((byte) 3);
        assertThat(in.remaining()).isZero();
    }

    @Test
    void neverReadsPastItsPart() {
        ByteBuffer buffer = ByteBuffer.allocate(100);
        in.reset(buffer, 0, 7);
        in.int32();
        assertThatExceptionOfType(XdrException.class).isThrownBy(in::int32);
        in.reset(buffer, 0, 7);
        assertThatExceptionOfType(XdrException.class).isThrownBy(in::int64);
    }

    @Test
    void refusesLengthsThatLie() {
        ByteBuffer buffer = ByteBuffer.allocate(100);
        for (int length : new int[] {-1, Integer.MIN_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE - 2, 97, 9}) {
            buffer.putInt(0, length);
            in.reset(buffer, 0, 100);
            assertThatExceptionOfType(XdrException.class).isThrownBy(() -> in.opaque(8));
            in.reset(buffer, 0, 100);
            if (length != 9) {
                assertThatExceptionOfType(XdrException.class).isThrownBy(() -> in.opaque(Integer.MAX_VALUE));
            }
        }
    }

    @Test
    void refusesBooleansThatAreNone() {
        ByteBuffer buffer = ByteBuffer.allocate(4).putInt(0, 2);
        in.reset(buffer, 0, 4);
        assertThatExceptionOfType(XdrException.class).isThrownBy(in::bool);
    }

    @Test
    void randomReadsOfRandomBytesStayInside() {
        Random random = new Random(1813);
        byte[] bytes = new byte[256];
        for (int round = 0; round < 100_000; round++) {
            random.nextBytes(bytes);
            int from = random.nextInt(128);
            int to = from + random.nextInt(128);
            in.reset(ByteBuffer.wrap(bytes), from, to);
            try {
                while (true) {
                    switch (random.nextInt(4)) {
                        case 0 -> in.int32();
                        case 1 -> in.int64();
                        case 2 -> {
                            int length = in.opaque(1 << random.nextInt(31));
                            assertThat(in.data() + length).isLessThanOrEqualTo(to);
                        }
                        default -> in.bool();
                    }
                    assertThat(in.position()).isLessThanOrEqualTo(to);
                }
            } catch (XdrException expected) {
                assertThat(in.position()).isBetween(from, to);
            }
        }
    }
}
