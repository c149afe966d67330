package dev.nbroot.tftp;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class BuffersTest {
    @Test
    void takeNoMoreThanAQuarterOfTheMemory() {
        Buffers buffers = new Buffers(4L * 2 * Buffers.SIZE);
        ByteBuffer first = buffers.take().orElseThrow();
        assertThat(buffers.take()).isPresent();
        assertThat(buffers.take()).isEmpty();
        buffers.giveBack(first);
        assertThat(buffers.take()).containsSame(first);
        assertThat(buffers.take()).isEmpty();
        assertThat(new Buffers(0).take()).isEmpty();
    }
}
