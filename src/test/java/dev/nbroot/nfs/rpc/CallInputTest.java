package dev.nbroot.nfs.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CallInputTest {
    private static final int MOST = 256 * 1024;
    private static final int LARGE = 1024 * 1024 + 152;

    private final Random random = new Random(20);
    private final ByteArrayOutputStream stream = new ByteArrayOutputStream();
    private final List<byte[]> sent = new ArrayList<>();
    private final List<byte[]> found = new ArrayList<>();
    private final BufferPool pool = new BufferPool(16 << 20, buffer -> 0);
    private final CallInput input = new CallInput(pool, new BufferShare());
    private int reads;
    private int emptied;

    private void record(int bytes) {
        record(bytes, bytes);
    }

    private void record(int bytes, int fragment) {
        byte[] record = new byte[bytes];
        random.nextBytes(record);
        sent.add(record);
        for (int at = 0; at < bytes; at += fragment) {
            int length = Math.min(fragment, bytes - at);
            int last = at + length == bytes ? 0x80000000 : 0;
            stream.writeBytes(ByteBuffer.allocate(4).putInt(length | last).array());
            stream.write(record, at, length);
        }
    }

    /** Gives all that is asked for, or now and then less. */
    private static final class Given implements ReadableByteChannel {
        private final ByteArrayInputStream bytes;
        private final Random random;

        Given(byte[] bytes, Random random) {
            this.bytes = new ByteArrayInputStream(bytes);
            this.random = random;
        }

        @Override
        public int read(ByteBuffer target) {
            int most = target.remaining();
            byte[] part = new byte[random == null ? most : 1 + random.nextInt(most)];
            int n = bytes.read(part, 0, part.length);
            target.put(part, 0, Math.max(n, 0));
            return n;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {}
    }

    private void readAll(Random shortReads) throws IOException {
        Given channel = new Given(stream.toByteArray(), shortReads);
        while (true) {
            assertThat(input.makeRoom()).isTrue();
            if (input.read(channel, MOST) < 0) {
                return;
            }
            reads++;
            while (input.records().next()) {
                byte[] record = new byte[input.records().end() - input.records().start()];
                input.bytes().get(input.records().start(), record);
                found.add(record);
                input.noteLength();
                input.records().consume();
            }
            if (input.records().isEmpty()) {
                input.release();
                emptied++;
            }
        }
    }

    @Test
    void readsALargeRecordInFewPiecesAndNotBeyondItsEnd() throws IOException {
        for (int i = 0; i < 10; i++) {
            record(LARGE);
        }
        readAll(null);
        assertThat(found).usingElementComparator(Arrays::compare).containsExactlyElementsOf(sent);
        // The first is not known to be large before its beginning is there.
        assertThat(reads).isEqualTo(3 + 9 * 2);
        assertThat(emptied).as("how often the buffer was free for others").isEqualTo(10);
    }

    @Test
    void readsManySmallRecordsAtOnce() throws IOException {
        for (int i = 0; i < 70; i++) {
            record(32 * 1024 + 152);
        }
        readAll(null);
        assertThat(found).usingElementComparator(Arrays::compare).containsExactlyElementsOf(sent);
        assertThat(reads).isLessThan(20);
    }

    @Test
    void readsARecordOfManySmallFragmentsInFewPieces() throws IOException {
        for (int i = 0; i < 4; i++) {
            record(LARGE, 4000);
        }
        readAll(null);
        assertThat(found).usingElementComparator(Arrays::compare).containsExactlyElementsOf(sent);
        assertThat(reads).isLessThan(24);
    }

    @Test
    void findsEveryRecordHoweverTheStreamIsCut() throws IOException {
        for (int i = 0; i < 200; i++) {
            record(
                    switch (random.nextInt(4)) {
                        case 0 -> LARGE - random.nextInt(5000);
                        case 1 -> 100_000 + random.nextInt(200_000);
                        case 2 -> 4 + random.nextInt(100);
                        default -> 32 * 1024 + 152;
                    });
        }
        readAll(random);
        assertThat(found).usingElementComparator(Arrays::compare).containsExactlyElementsOf(sent);
        assertThat(input.records().isEmpty()).isTrue();
    }

    @Test
    void makesDoWithTheBufferThatItHasWhereOthersHaveAllLargerOnes() throws IOException {
        record(100_000);
        readAll(null);
        input.release();
        takeAll(BufferPool.LARGE);
        takeAll(BufferPool.MEDIUM);
        stream.reset();
        record(2000);
        byte[] bytes = stream.toByteArray();
        assertThat(input.makeRoom()).as("a small one is free").isTrue();
        input.read(new Given(Arrays.copyOf(bytes, 10), null), MOST);
        assertThat(input.records().next()).isFalse();
        takeAll(BufferPool.SMALL);
        assertThat(input.makeRoom()).as("it has one that suffices").isTrue();
        input.read(new Given(Arrays.copyOfRange(bytes, 10, bytes.length), null), MOST);
        assertThat(input.records().next()).isTrue();
        byte[] record = new byte[input.records().end() - input.records().start()];
        input.bytes().get(input.records().start(), record);
        assertThat(record).isEqualTo(sent.get(1));
    }

    private void takeAll(int size) {
        // Each as an address of its own: the last quarter is kept for those that hold little.
        for (int i = 0; i < 2000; i++) {
            pool.take(size, new BufferShare());
        }
    }
}
