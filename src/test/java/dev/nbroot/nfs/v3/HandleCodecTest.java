package dev.nbroot.nfs.v3;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import org.junit.jupiter.api.Test;

class HandleCodecTest {
    private final HandleCodec codec =
            new HandleCodec("0123456789abcdef".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    private final ByteBuffer kernel = ByteBuffer.allocate(256).order(ByteOrder.nativeOrder());
    private final ByteBuffer wire = ByteBuffer.allocate(HandleCodec.MOST_BYTES);

    private int encode(int bytes) {
        kernel.putInt(40, bytes);
        kernel.putInt(44, 0xf8);
        for (int i = 0; i < bytes; i++) {
            kernel.put(48 + i, (byte) (i * 7));
        }
        return codec.encode(wire, 0x1122334455667788L, kernel, 40);
    }

    @Test
    void keepsTheKernelsHandle() {
        for (int bytes = 1; bytes <= 44; bytes++) {
            int length = encode(bytes);
            assertThat(length).isEqualTo(bytes + 20).isLessThanOrEqualTo(64);
            assertThat(codec.isOurs(wire, 0, length)).isTrue();
            assertThat(HandleCodec.exportId(wire, 0)).isEqualTo(0x1122334455667788L);
            ByteBuffer again = ByteBuffer.allocate(256).order(ByteOrder.nativeOrder());
            HandleCodec.decode(wire, 0, again, 40);
            assertThat(again.slice(40, 8 + bytes)).isEqualTo(kernel.slice(40, 8 + bytes));
        }
    }

    @Test
    void refusesWhatDoesNotFit() {
        assertThat(encode(45)).isZero();
        assertThat(encode(0)).isZero();
    }

    @Test
    void knowsEveryChangedBit() {
        int length = encode(32);
        for (int bit = 0; bit < 8 * length; bit++) {
            wire.put(bit / 8, (byte) (wire.get(bit / 8) ^ 1 << bit % 8));
            assertThat(codec.isOurs(wire, 0, length)).as("bit %d", bit).isFalse();
            wire.put(bit / 8, (byte) (wire.get(bit / 8) ^ 1 << bit % 8));
        }
        assertThat(codec.isOurs(wire, 0, length)).isTrue();
        assertThat(codec.isOurs(wire, 0, length - 1)).isFalse();
    }

    @Test
    void anotherKeyMakesOtherHandles() {
        int length = encode(32);
        assertThat(new HandleCodec(new byte[16]).isOurs(wire, 0, length)).isFalse();
    }

    @Test
    void randomBytesAreNoHandle() {
        Random random = new Random(64);
        byte[] bytes = new byte[64];
        for (int i = 0; i < 100_000; i++) {
            random.nextBytes(bytes);
            bytes[0] = 1;
            bytes[1] = (byte) random.nextInt(45);
            assertThat(codec.isOurs(ByteBuffer.wrap(bytes), 0, bytes[1] + 20)).isFalse();
        }
    }
}
