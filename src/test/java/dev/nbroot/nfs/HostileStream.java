package dev.nbroot.nfs;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Random;

/** Puts records behind marks (RFC 5531, 11), rightly and wrongly. */
final class HostileStream {
    private final Random random;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final DataOutputStream out = new DataOutputStream(bytes);
    private boolean sound = true;

    HostileStream(Random random) {
        this.random = random;
    }

    /** {@return whether the server can find every record, and so must answer the last} */
    boolean sound() {
        return sound;
    }

    byte[] bytes() {
        return bytes.toByteArray();
    }

    /** Adds a record as it should be. */
    void plain(byte[] record) {
        fragment(record, 0, record.length, true);
    }

    /** Adds a record, in some way. */
    void add(byte[] record) {
        switch (random.nextInt(40)) {
            case 0, 1, 2, 3 -> fragments(record, 1 + random.nextInt(Math.max(1, record.length)));
            case 4 -> fragments(record, 1);
            case 5 -> {
                fragment(record, 0, 0, true);
                plain(record);
            }
            case 6 -> oneIn(20, () -> fragment(record, 0, 0, false));
            case 7 -> oneIn(20, () -> mark(random.nextInt() | 0x00200000));
            case 8 -> oneIn(20, () -> mark(0x7fffffff));
            case 9 -> oneIn(20, () -> mark(0x80000000 | 1024 * 1024 + 4097));
            case 10 ->
                oneIn(20, () -> {
                    mark(0x80000000 | record.length + 1 + random.nextInt(1_000_000));
                    fragmentBytes(record, 0, record.length);
                });
            case 11 ->
                oneIn(20, () -> {
                    byte[] noise = new byte[random.nextInt(300)];
                    random.nextBytes(noise);
                    fragmentBytes(noise, 0, noise.length);
                });
            default -> plain(record);
        }
    }

    /** Spoils the stream, but seldom, so that most of what follows is looked at. */
    private void oneIn(int n, Runnable spoiling) {
        if (random.nextInt(n) == 0) {
            sound = false;
            spoiling.run();
        }
    }

    private void fragments(byte[] record, int size) {
        int at = 0;
        int count = 0;
        do {
            int n = Math.min(size, record.length - at);
            fragment(record, at, n, at + n == record.length);
            at += n;
            count++;
        } while (at < record.length);
        sound &= count <= 512;
    }

    private void fragment(byte[] record, int from, int length, boolean last) {
        mark(last ? length | 0x80000000 : length);
        fragmentBytes(record, from, length);
    }

    private void mark(int mark) {
        try {
            out.writeInt(mark);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void fragmentBytes(byte[] source, int from, int length) {
        bytes.write(source, from, length);
    }
}
