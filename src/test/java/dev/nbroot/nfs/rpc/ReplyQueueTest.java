package dev.nbroot.nfs.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nbroot.nfs.xdr.XdrOut;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.GatheringByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplyQueueTest {
    private final XdrOut out = new XdrOut();
    private final BufferPool pool = new BufferPool(1 << 20, buffer -> 0);
    private final ReplyQueue queue = new ReplyQueue(pool, new BufferShare(), out, () -> 100);
    private final ByteArrayOutputStream wanted = new ByteArrayOutputStream();
    private final Trickle channel = new Trickle();

    @TempDir
    Path work;

    /** Takes a random number of bytes at a time, often none. */
    private static final class Trickle implements GatheringByteChannel {
        private final Random random = new Random(5);
        private final ByteArrayOutputStream taken = new ByteArrayOutputStream();

        @Override
        public long write(ByteBuffer[] sources, int offset, int length) {
            long sum = 0;
            for (int i = offset; i < offset + length && random.nextInt(4) > 0; i++) {
                int n = write(sources[i]);
                sum += n;
                if (sources[i].hasRemaining()) {
                    break;
                }
            }
            return sum;
        }

        @Override
        public long write(ByteBuffer[] sources) {
            return write(sources, 0, sources.length);
        }

        @Override
        public int write(ByteBuffer source) {
            int n = random.nextInt(Math.min(source.remaining(), 40_000) + 1);
            for (int i = 0; i < n; i++) {
                taken.write(source.get());
            }
            return n;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {}
    }

    private void reply(int words, int large) {
        assertThat(queue.begin()).isTrue();
        out.int32(words);
        if (large > 0) {
            queue.reserve(large);
        }
        ByteBuffer copy = ByteBuffer.allocate(8 + 4 * words);
        copy.putInt(4 + 4 * words | 0x80000000).putInt(words);
        for (int i = 0; i < words; i++) {
            out.int32(i);
            copy.putInt(i);
        }
        queue.end();
        wanted.writeBytes(copy.array());
    }

    @Test
    void sendsEverythingInOrderHoweverLittleTheChannelTakes() throws IOException {
        byte[] bytes = new byte[200_000];
        new Random(6).nextBytes(bytes);
        Path file = Files.write(work.resolve("file"), bytes);
        int[] done = {0};
        try (FileChannel source = FileChannel.open(file)) {
            Random random = new Random(7);
            for (int round = 0; round < 300; round++) {
                int kind = random.nextInt(8);
                if (kind == 0) {
                    reply(20_000, 80_000);
                } else if (kind == 1) {
                    assertThat(queue.begin()).isTrue();
                    out.int32(9);
                    assertThat(queue.attach(source, 1000, 150_000, () -> done[0]++))
                            .isTrue();
                    queue.end();
                    wanted.writeBytes(ByteBuffer.allocate(8)
                            .putInt(150_004 | 0x80000000)
                            .putInt(9)
                            .array());
                    wanted.write(bytes, 1000, 150_000);
                    done[0]--;
                } else if (kind == 2) {
                    assertThat(queue.begin()).isTrue();
                    out.int32(5);
                    queue.abort();
                } else {
                    reply(random.nextInt(300), 0);
                }
                while (queue.unsent() > 300_000) {
                    queue.flush(channel);
                }
            }
            while (queue.flush(channel) > 0) {
                assertThat(queue.unsent()).isPositive();
            }
        }
        assertThat(channel.taken.toByteArray()).isEqualTo(wanted.toByteArray());
        assertThat(done[0]).as("files released").isZero();
    }

    @Test
    void sendsZeroesForWhatAFileLost() throws IOException {
        Path file = Files.write(work.resolve("short"), new byte[] {1, 2, 3, 4});
        try (FileChannel source = FileChannel.open(file)) {
            assertThat(queue.begin()).isTrue();
            queue.attach(source, 0, 8, () -> {});
            queue.end();
            while (queue.flush(channel) > 0) {
                assertThat(queue.unsent()).isPositive();
            }
        }
        assertThat(channel.taken.toByteArray()).endsWith(1, 2, 3, 4, 0, 0, 0, 0).hasSize(12);
    }
}
