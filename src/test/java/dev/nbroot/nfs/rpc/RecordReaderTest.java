package dev.nbroot.nfs.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.nbroot.nfs.xdr.XdrException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RecordReaderTest {
    private static final int LAST = 0x80000000;

    /** Feeds a stream in chunks, through buffers as small as the reader asks for. {@return the records found} */
    private static List<byte[]> read(byte[] stream, Random chunks) {
        RecordReader reader = new RecordReader();
        ByteBuffer buffer = ByteBuffer.allocate(64);
        reader.moveTo(buffer);
        List<byte[]> records = new ArrayList<>();
        int at = 0;
        while (at < stream.length) {
            if (buffer.capacity() - reader.filled() == 0 || reader.wanted() > buffer.capacity()) {
                ByteBuffer larger =
                        ByteBuffer.allocate(Math.max(reader.wanted() + 16, buffer.capacity() + chunks.nextInt(64)));
                reader.moveTo(larger);
                buffer = larger;
            }
            int n = Math.min(stream.length - at, buffer.capacity() - reader.filled());
            n = Math.min(n, 1 + chunks.nextInt(100));
            buffer.put(reader.filled(), stream, at, n);
            reader.added(n);
            at += n;
            while (reader.next()) {
                byte[] record = new byte[reader.end() - reader.start()];
                buffer.get(reader.start(), record);
                records.add(record);
                assertThat(reader.next()).as("the same record until consumed").isTrue();
                reader.consume();
            }
        }
        assertThat(reader.isEmpty()).isTrue();
        return records;
    }

    private static void fragment(ByteArrayOutputStream to, byte[] bytes, int from, int length, boolean last) {
        to.writeBytes(
                ByteBuffer.allocate(4).putInt(last ? length | LAST : length).array());
        to.write(bytes, from, length);
    }

    @Test
    void joinsFragmentsHoweverTheyArrive() {
        Random random = new Random(5531);
        for (int round = 0; round < 2000; round++) {
            ByteArrayOutputStream stream = new ByteArrayOutputStream();
            List<byte[]> sent = new ArrayList<>();
            for (int r = random.nextInt(5); r >= 0; r--) {
                byte[] record = new byte[random.nextInt(400)];
                random.nextBytes(record);
                sent.add(record);
                int at = 0;
                while (record.length - at > 1 && random.nextBoolean()) {
                    int n = 1 + random.nextInt(record.length - at - 1);
                    fragment(stream, record, at, n, false);
                    at += n;
                }
                fragment(stream, record, at, record.length - at, true);
            }
            assertThat(read(stream.toByteArray(), random))
                    .usingElementComparator(java.util.Arrays::compare)
                    .isEqualTo(sent);
        }
    }

    @Test
    void boundsTheSumOfFragments() {
        RecordReader reader = reader(RecordReader.MOST_BYTES + 1 | LAST);
        assertThatExceptionOfType(XdrException.class).isThrownBy(reader::next);
        RecordReader most = reader(RecordReader.MOST_BYTES | LAST);
        assertThat(most.next()).isFalse();
        assertThat(most.wanted()).isEqualTo(RecordReader.MOST_BYTES + 4);
        RecordReader largest = reader(Integer.MAX_VALUE);
        assertThatExceptionOfType(XdrException.class).isThrownBy(largest::next);
    }

    @Test
    void refusesFragmentsWithoutBytes() {
        RecordReader reader = reader(0);
        assertThatExceptionOfType(XdrException.class).isThrownBy(reader::next);
    }

    @Test
    void refusesTooManyFragments() {
        ByteBuffer buffer = ByteBuffer.allocate(5 * (RecordReader.MOST_FRAGMENTS + 1));
        for (int i = 0; i <= RecordReader.MOST_FRAGMENTS; i++) {
            buffer.putInt(1).put((byte) i);
        }
        RecordReader reader = new RecordReader();
        reader.moveTo(buffer);
        reader.added(buffer.position());
        assertThatExceptionOfType(XdrException.class).isThrownBy(reader::next);
    }

    @Test
    void randomBytesNeverLeadAstray() {
        Random random = new Random(7);
        byte[] bytes = new byte[300];
        for (int round = 0; round < 100_000; round++) {
            random.nextBytes(bytes);
            // Make small fragments likely, else nearly every random length is refused at once.
            bytes[1] = 0;
            bytes[2] = 0;
            bytes[0] &= (byte) 0x80;
            RecordReader reader = new RecordReader();
            reader.moveTo(ByteBuffer.wrap(bytes));
            reader.added(bytes.length);
            try {
                while (reader.next()) {
                    assertThat(reader.start()).isBetween(0, reader.end());
                    assertThat(reader.end()).isLessThanOrEqualTo(bytes.length);
                    reader.consume();
                }
            } catch (XdrException expected) {
                assertThat(expected).hasMessageContaining("record");
            }
        }
    }

    private static RecordReader reader(int mark) {
        RecordReader reader = new RecordReader();
        reader.moveTo(ByteBuffer.allocate(16).putInt(0, mark));
        reader.added(4);
        return reader;
    }
}
