package dev.nbroot.nfs.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nbroot.nfs.xdr.XdrOut;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.GatheringByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class ReplyQueueTest {
    private final XdrOut out = new XdrOut();
    private final BufferPool pool = new BufferPool(16 << 20, buffer -> 0);
    private final PooledBuffer slice = pool.take(FilePiece.SLICE, new BufferShare());
    private final ReplyQueue queue = new ReplyQueue(pool, new BufferShare(), out, slice);
    private final ByteArrayOutputStream wanted = new ByteArrayOutputStream();
    private final Trickle channel = new Trickle();

    @TempDir
    Path work;

    /** Takes a random number of bytes at a time, often none. */
    private static final class Trickle implements GatheringByteChannel {
        private final Random random = new Random(5);
        private final ByteArrayOutputStream taken = new ByteArrayOutputStream();
        private boolean takesAll;
        private long most = Long.MAX_VALUE;

        @Override
        public long write(ByteBuffer[] sources, int offset, int length) {
            long sum = 0;
            for (int i = offset; i < offset + length && (takesAll || random.nextInt(4) > 0); i++) {
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
            if (most - taken.size() < source.remaining()) {
                return take(source, (int) Math.max(0, most - taken.size()));
            }
            return take(
                    source, takesAll ? source.remaining() : random.nextInt(Math.min(source.remaining(), 40_000) + 1));
        }

        private int take(ByteBuffer source, int n) {
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

    /** A file in memory, read into the queue's slice, at most 50 000 bytes at a time. */
    private final class MemoryFile implements FileSource {
        private final byte[] bytes;
        private FileChannel channel;
        private boolean broken;
        private int done;

        MemoryFile(byte[] bytes) {
            this.bytes = bytes;
        }

        @Override
        public long read(long address, int count, long offset) {
            if (broken) {
                return -5;
            }
            int n = (int) Math.min(Math.min(count, 50_000), bytes.length - offset);
            if (n <= 0) {
                return 0;
            }
            slice.bytes().put(0, Arrays.copyOfRange(bytes, (int) offset, (int) offset + n));
            return n;
        }

        @Override
        public FileChannel channel() {
            return channel;
        }

        @Override
        public void done() {
            done++;
        }
    }

    private void replyWithFile(MemoryFile file, int offset, int bytes) {
        assertThat(queue.begin()).isTrue();
        out.int32(9);
        assertThat(queue.attach(file, offset, bytes)).isTrue();
        queue.end();
        int padded = bytes + 3 & ~3;
        wanted.writeBytes(
                ByteBuffer.allocate(8).putInt(4 + padded | 0x80000000).putInt(9).array());
        int there = Math.min(bytes, file.bytes.length - offset);
        wanted.write(file.bytes, offset, there);
        wanted.writeBytes(new byte[padded - there]);
    }

    @Test
    void sendsEverythingInOrderHoweverLittleTheChannelTakes() throws IOException {
        byte[] bytes = new byte[400_000];
        new Random(6).nextBytes(bytes);
        MemoryFile file = new MemoryFile(bytes);
        int attached = 0;
        Random random = new Random(7);
        for (int round = 0; round < 300; round++) {
            int kind = random.nextInt(8);
            if (kind == 0) {
                reply(20_000, 80_000);
            } else if (kind == 1) {
                replyWithFile(file, 1000, 1 + random.nextInt(300_000));
                attached++;
            } else if (kind == 2) {
                assertThat(queue.begin()).isTrue();
                out.int32(5);
                queue.abort();
            } else {
                reply(random.nextInt(300), 0);
            }
            while (queue.unsent() > 300_000) {
                queue.flush(channel, Long.MAX_VALUE / 2, random.nextBoolean());
            }
        }
        flushAll();
        assertThat(channel.taken.toByteArray()).isEqualTo(wanted.toByteArray());
        assertThat(file.done).as("files released").isEqualTo(attached);
        assertThat(queue.sent()).isEqualTo(wanted.size());
    }

    private void flushAll() throws IOException {
        while (queue.flush(channel, Long.MAX_VALUE / 2, false) != ReplyQueue.Flushed.ALL) {
            assertThat(queue.unsent()).isPositive();
        }
        assertThat(queue.isEmpty()).isTrue();
    }

    @Test
    void sendsZeroesForWhatAFileLost() throws IOException {
        MemoryFile file = new MemoryFile(new byte[] {1, 2, 3, 4});
        replyWithFile(file, 0, 7);
        replyWithFile(file, 4, 300_001);
        flushAll();
        assertThat(channel.taken.toByteArray()).isEqualTo(wanted.toByteArray());
        assertThat(file.done).isEqualTo(2);
    }

    @Test
    void sendsTheKernelsOwnPages() throws IOException {
        byte[] bytes = new byte[200_000];
        new Random(8).nextBytes(bytes);
        MemoryFile file = new MemoryFile(bytes);
        try (FileChannel onDisk = FileChannel.open(Files.write(work.resolve("file"), bytes))) {
            file.channel = onDisk;
            for (int i = 0; i < 20; i++) {
                reply(i, 0);
                replyWithFile(file, i * 1000, 150_001 + i);
                replyWithFile(file, 199_000, 150_000);
            }
            flushAll();
        }
        assertThat(channel.taken.toByteArray()).isEqualTo(wanted.toByteArray());
        assertThat(file.done).isEqualTo(40);
    }

    /** Whose fault it is that the kernel does not send them cannot be told by that. */
    @Test
    void copiesWhatTheKernelDoesNotSendByItself() throws IOException {
        byte[] bytes = new byte[200_000];
        new Random(8).nextBytes(bytes);
        MemoryFile file = new MemoryFile(bytes);
        try (FileChannel failing = FileChannel.open(Files.write(work.resolve("file"), bytes))) {
            file.channel = failing;
        }
        replyWithFile(file, 0, 150_001);
        flushAll();
        assertThat(channel.taken.toByteArray()).isEqualTo(wanted.toByteArray());
        assertThat(file.done).isEqualTo(1);
    }

    @Test
    void stopsWhenItIsEnough() throws IOException {
        channel.takesAll = true;
        MemoryFile file = new MemoryFile(new byte[400_000]);
        replyWithFile(file, 0, 400_000);
        reply(10, 0);
        assertThat(queue.flush(channel, 0, false)).isEqualTo(ReplyQueue.Flushed.ENOUGH);
        assertThat(queue.sent()).isZero();
        assertThat(queue.flush(channel, 60_000, false)).isEqualTo(ReplyQueue.Flushed.ENOUGH);
        assertThat(queue.sent()).isBetween(60_000L, 60_000L + FilePiece.SLICE);
        assertThat(queue.flush(channel, 1_000_000, false)).isEqualTo(ReplyQueue.Flushed.ALL);
        assertThat(channel.taken.toByteArray()).isEqualTo(wanted.toByteArray());
    }

    @Test
    @Timeout(20)
    void waitsForAChannelThatIsFullBeforeAFilesLastBytes() throws IOException {
        channel.takesAll = true;
        byte[] bytes = new byte[10_000];
        new Random(9).nextBytes(bytes);
        MemoryFile file = new MemoryFile(bytes);
        try (FileChannel onDisk = FileChannel.open(Files.write(work.resolve("file"), bytes))) {
            file.channel = onDisk;
            replyWithFile(file, 0, 8000);
            for (int left = 3; left > 0; left--) {
                channel.most = wanted.size() - left;
                assertThat(queue.flush(channel, 1 << 20, false)).isEqualTo(ReplyQueue.Flushed.FULL);
                assertThat(queue.unsent()).isEqualTo(left);
            }
            channel.most = Long.MAX_VALUE;
            flushAll();
        }
        assertThat(channel.taken.toByteArray()).isEqualTo(wanted.toByteArray());
    }

    @Test
    void sendsNoZeroesForWhatADiskFailedToGive() {
        MemoryFile file = new MemoryFile(new byte[4000]);
        replyWithFile(file, 0, 4000);
        file.broken = true;
        channel.takesAll = true;
        assertThatThrownBy(() -> queue.flush(channel, 1 << 20, false)).isInstanceOf(IOException.class);
        queue.drop();
        assertThat(file.done).isEqualTo(1);
        assertThat(channel.taken.size()).isZero();
    }

    /** The kernel fails in the middle, and what is read then says why. */
    @Test
    void breaksOffWhereTheDiskFailsInTheMiddle() throws IOException {
        channel.takesAll = true;
        byte[] bytes = new byte[600_000];
        new Random(11).nextBytes(bytes);
        MemoryFile file = new MemoryFile(bytes);
        long sent;
        try (FileChannel onDisk = FileChannel.open(Files.write(work.resolve("file"), bytes))) {
            file.channel = onDisk;
            replyWithFile(file, 0, 600_000);
            assertThat(queue.flush(channel, 300_000, false)).isEqualTo(ReplyQueue.Flushed.ENOUGH);
            sent = queue.sent();
        }
        file.broken = true;
        assertThatThrownBy(() -> queue.flush(channel, 1 << 20, false)).isInstanceOf(IOException.class);
        assertThat(queue.sent()).isEqualTo(sent);
        queue.drop();
        assertThat(file.done).isEqualTo(1);
        assertThat(channel.taken.toByteArray()).isEqualTo(Arrays.copyOf(wanted.toByteArray(), (int) sent));
    }

    @Test
    void keepsWhatFillsNoPacketForTheNextReply() throws IOException {
        channel.takesAll = true;
        for (int i = 0; i < 3; i++) {
            reply(8_000, 33_000);
        }
        assertThat(queue.flush(channel, ReplyQueue.PACKET, true)).isEqualTo(ReplyQueue.Flushed.ALL);
        assertThat(queue.sent()).isEqualTo(ReplyQueue.PACKET);
        assertThat(queue.unsent()).isEqualTo(wanted.size() - ReplyQueue.PACKET);
        assertThat(queue.flush(channel, 1 << 20, true)).isEqualTo(ReplyQueue.Flushed.ALL);
        assertThat(queue.sent()).as("half a packet").isEqualTo(ReplyQueue.PACKET);
        for (int i = 0; i < 9; i++) {
            reply(8_000, 33_000);
        }
        assertThat(queue.flush(channel, 1 << 20, true)).isEqualTo(ReplyQueue.Flushed.ALL);
        assertThat(queue.sent()).isEqualTo(wanted.size() / ReplyQueue.PACKET * ReplyQueue.PACKET);
        flushAll();
        assertThat(channel.taken.toByteArray()).isEqualTo(wanted.toByteArray());
    }

    @Test
    void aReplyThatIsDroppedHoldsNothing() {
        assertThat(queue.begin()).isTrue();
        queue.abort();
        assertThat(queue.isEmpty()).isTrue();
        assertThat(pool.givenSince()).as("nobody is better off").isFalse();
        reply(10, 0);
        assertThat(queue.begin()).isTrue();
        queue.abort();
        assertThat(queue.unsent()).isEqualTo(wanted.size());
    }
}
