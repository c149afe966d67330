package dev.nbroot.nfs;

import dev.nbroot.nfs.xdr.XdrOut;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;

/**
 * Makes calls that are nearly right: of every program and procedure, each part now and then hostile. What it makes
 * depends only on the random numbers and on the handles.
 */
final class HostileCalls {
    private static final int MOST_BYTES = 100_000;
    private static final int[] PROGRAMS = {
        100003, 100003, 100003, 100003, 100003, 100003, 100005, 100000, 100227, 100227
    };
    private static final int[] PROCEDURES = {22, 0, 6, 0, 5, 0, 0, 0, 3, 0};
    private static final List<String> NAMES = List.of(
            "file", "dir", "link", "out", "fifo", "deep", "hard", "new1", "new2", "new3", "new4", "large", ".", "..");
    private static final List<String> PATHS =
            List.of("/", "", "/etc", "..", "/../..", "/proc/self/root", "/./", "//", "/%s", "/\u0000/x", "/a/../../b");

    /**
     * A call.
     *
     * @param bytes the record, without a mark
     * @param program what it calls, if its header was left whole; else 0
     */
    record Call(int xid, byte[] bytes, int program, int procedure) {}

    private final Random random;
    private final List<byte[]> handles;
    private final String export;
    private final ByteBuffer buffer = ByteBuffer.allocate(MOST_BYTES + 70_000);
    private final XdrOut out = new XdrOut();

    HostileCalls(Random random, List<byte[]> handles, String export) {
        this.random = random;
        this.handles = handles;
        this.export = export;
    }

    private boolean once(int in) {
        return random.nextInt(in) == 0;
    }

    private int pick(int... of) {
        return of[random.nextInt(of.length)];
    }

    /** {@return a call with that transaction id} */
    Call next(int xid) {
        buffer.clear();
        out.reset(buffer);
        int which = random.nextInt(PROGRAMS.length);
        int program = PROGRAMS[which];
        int procedure = random.nextInt((program == 100003 ? 21 : program == 100227 ? 2 : 5) + 1);
        int version = program == 100000 ? 2 : 3;
        boolean strange = false;
        if (once(25)) {
            strange = true;
            switch (random.nextInt(3)) {
                case 0 -> program = pick(0, -1, 100001, 100024, 100021, 400122, random.nextInt());
                case 1 -> version = pick(0, 1, 2, 3, 4, -1, Integer.MAX_VALUE);
                default -> procedure = pick(22, 23, 255, -1, Integer.MIN_VALUE, 6);
            }
        }
        out.int32(xid);
        out.int32(once(200) ? pick(1, 2, -1) : 0);
        out.int32(once(100) ? pick(0, 1, 3, -1) : 2);
        out.int32(program);
        out.int32(version);
        out.int32(procedure);
        credential();
        verifier();
        int arguments = out.position();
        if (!strange) {
            arguments(program, procedure);
        }
        int length = out.position();
        if (once(8)) {
            length = arguments + random.nextInt(length - arguments + 1);
        } else if (once(10)) {
            length += Math.min(buffer.remaining(), random.nextInt(64)) & ~3;
        }
        for (int flips = once(6) ? 1 + random.nextInt(4) : 0; flips > 0 && length > arguments; flips--) {
            buffer.put(arguments + random.nextInt(length - arguments), (byte) random.nextInt());
        }
        boolean headerHurt = once(40);
        if (headerHurt) {
            length = once(2) ? random.nextInt(arguments) : length;
            if (length > 8) {
                buffer.put(4 + random.nextInt(Math.min(length, arguments) - 4), (byte) random.nextInt());
            }
        }
        byte[] bytes = new byte[length];
        buffer.get(0, bytes);
        return new Call(xid, bytes, headerHurt ? 0 : program, procedure);
    }

    private void credential() {
        if (once(12)) {
            int flavor = pick(0, 2, 3, 6, 7, -1, random.nextInt());
            int length = pick(0, 0, 4, 8, 399, 400, 401, 1024, -1, Integer.MAX_VALUE);
            out.int32(flavor);
            opaque(length, Math.max(0, Math.min(length, 1024)));
            return;
        }
        int machine = once(20) ? pick(0, 255, 256, 300, -1) : 4;
        int groups = once(10) ? pick(0, 1, 15, 16, 17, 32, 255, -1) : random.nextInt(4);
        int machineBytes = Math.max(0, machine) + 3 & ~3;
        int groupCount = Math.max(0, groups);
        int length = 20 + machineBytes + 4 * groupCount;
        out.int32(1);
        out.int32(once(40) ? pick(0, length - 4, length + 4, 400, 401, -1) : length);
        out.int32(random.nextInt());
        opaque(machine, Math.max(0, machine));
        out.int32(id());
        out.int32(id());
        out.int32(groups);
        for (int i = 0; i < groupCount; i++) {
            out.int32(id());
        }
    }

    private int id() {
        return once(3) ? pick(1000, 65534, -1, -2, Integer.MIN_VALUE, random.nextInt()) : 0;
    }

    private void verifier() {
        int length = once(20) ? pick(4, 400, 401, -1) : 0;
        out.int32(once(20) ? random.nextInt() : 0);
        opaque(length, Math.max(0, Math.min(length, 1024)));
    }

    private void opaque(int said, int bytes) {
        out.int32(said);
        int to = out.position() + (bytes + 3 & ~3);
        for (int i = 0; i < bytes; i++) {
            buffer.put((byte) ('a' + (i & 15)));
        }
        out.position(to);
    }

    private void arguments(int program, int procedure) {
        switch (program) {
            case 100003 -> nfs(procedure);
            case 100005 -> {
                if (procedure == 1 || procedure == 3) {
                    path();
                }
            }
            case 100000 -> {
                int[] programs = {100000, 100003, 100005, 100227, random.nextInt()};
                out.int32(programs[random.nextInt(programs.length)]);
                out.int32(pick(2, 3, 4, -1));
                out.int32(pick(6, 17, 0, -1));
                out.int32(pick(0, 2049, 70_000, -1));
            }
            default -> {
                if (procedure > 0) {
                    handle();
                    out.int32(pick(0, 1, 2, 3, 4, 5, 15, -1));
                    if (procedure == 2) {
                        list();
                        list();
                    }
                }
            }
        }
    }

    private void nfs(int procedure) {
        if (procedure == 0) {
            return;
        }
        handle();
        switch (procedure) {
            case 2 -> {
                attributes();
                out.int32(once(10) ? 2 : random.nextInt(2));
                out.int64(random.nextLong());
            }
            case 3, 12, 13 -> name();
            case 4 -> out.int32(pick(0x3f, 0, 1, 0x20, -1));
            case 6 -> {
                offset();
                count();
            }
            case 7 -> write();
            case 8 -> {
                name();
                int how = pick(0, 1, 2, 2, 3, -1);
                out.int32(how);
                if (how == 2) {
                    out.int64(random.nextInt(3));
                } else {
                    attributes();
                }
            }
            case 9 -> {
                name();
                attributes();
            }
            case 10 -> {
                name();
                attributes();
                target();
            }
            case 11 -> {
                name();
                int type = pick(3, 4, 6, 7, 1, 2, 5, 0, 8, -1);
                out.int32(type);
                attributes();
                if (type == 3 || type == 4) {
                    out.int32(pick(0, 1, 255, 4095, -1));
                    out.int32(pick(0, 3, 255, -1));
                }
            }
            case 14 -> {
                name();
                handle();
                name();
            }
            case 15 -> {
                handle();
                name();
            }
            case 16, 17 -> {
                out.int64(once(3) ? random.nextLong() : random.nextInt(4));
                out.int64(once(3) ? random.nextLong() : 0);
                if (procedure == 17) {
                    count();
                }
                count();
            }
            case 21 -> {
                offset();
                count();
            }
            default -> {}
        }
    }

    private void write() {
        offset();
        int bytes = once(30) ? random.nextInt(40_000) : random.nextInt(200);
        int count = once(8) ? pick(0, bytes + 1, -1, Integer.MAX_VALUE, bytes / 2) : bytes;
        out.int32(count);
        out.int32(once(10) ? pick(3, -1, 9) : once(8) ? pick(1, 2) : 0);
        opaque(once(30) ? pick(-1, 1 << 20, (1 << 20) + 1, Integer.MAX_VALUE) : bytes, bytes);
    }

    private void handle() {
        byte[] handle = handles.get(once(3) ? random.nextInt(handles.size()) : random.nextInt(2));
        int length = handle.length;
        if (once(10)) {
            handle = handle.clone();
            switch (random.nextInt(4)) {
                case 0 -> length = random.nextInt(length + 1);
                case 1 -> handle[random.nextInt(length)] ^= (byte) (1 << random.nextInt(8));
                case 2 -> random.nextBytes(handle);
                default -> {
                    System.arraycopy(handles.get(1), handles.get(1).length - 8, handle, length - 8, 8);
                }
            }
        }
        out.int32(once(100) ? pick(0, 63, 64, 65, -1, 65535) : length);
        buffer.put(handle, 0, length);
        out.pad(length);
    }

    private void name() {
        if (!once(4)) {
            out.text(NAMES.get(random.nextInt(NAMES.size())));
            return;
        }
        byte[] name = switch (random.nextInt(8)) {
            case 0 -> new byte[0];
            case 1 -> bytes(255);
            case 2 -> bytes(256);
            case 3 -> bytes(pick(8192, 8193, 65535));
            case 4 -> "../canary/secret".getBytes(StandardCharsets.UTF_8);
            case 5 -> "dir/deep".getBytes(StandardCharsets.UTF_8);
            case 6 -> new byte[] {'f', 0, 'g'};
            default -> new byte[] {(byte) 0xff, (byte) 0xc3, (byte) 0x28, (byte) random.nextInt()};
        };
        out.opaque(name);
    }

    private static byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        java.util.Arrays.fill(bytes, (byte) 'n');
        return bytes;
    }

    private void target() {
        switch (random.nextInt(6)) {
            case 0 -> out.text("../canary/secret");
            case 1 -> out.text("/etc/passwd");
            case 2 -> out.opaque(bytes(pick(0, 4095, 4096, 8192, 8193)));
            case 3 -> out.opaque(new byte[] {'a', 0, 'b'});
            default -> out.text("file");
        }
    }

    private void path() {
        switch (random.nextInt(5)) {
            case 0 -> out.text(export);
            case 1 -> out.text(export + "/" + NAMES.get(random.nextInt(NAMES.size())));
            case 2 -> out.text(export + "/../canary");
            case 3 -> out.opaque(bytes(pick(1023, 1024, 1025, 65535)));
            default -> out.text(PATHS.get(random.nextInt(PATHS.size())));
        }
    }

    private void offset() {
        long far = pick(0, 1, 4095, 4096, -1) + (once(2) ? Long.MAX_VALUE : 1L << pick(31, 32, 40, 44, 62, 63));
        out.int64(once(4) ? far : random.nextInt(10_000));
    }

    private void count() {
        out.int32(once(3) ? pick(0, 1, 7, 512, 32_768, 65_536, 1 << 20, (1 << 20) + 1, Integer.MAX_VALUE, -1) : 4096);
    }

    private void attributes() {
        for (int i = 0; i < 3; i++) {
            optional(i == 0 ? pick(0644, 0777, 07777, 0, -1) : id());
        }
        int set = once(40) ? 2 : random.nextInt(6) == 0 ? 1 : 0;
        out.int32(set);
        if (set == 1) {
            out.int64(once(3) ? pick(0, 1, -1) + (1L << pick(20, 31, 33, 43, 62, 63)) : random.nextInt(10_000));
        }
        for (int i = 0; i < 2; i++) {
            int how = once(40) ? 3 : random.nextInt(3);
            out.int32(how);
            if (how == 2) {
                out.int32(random.nextInt());
                out.int32(once(3) ? pick(-1, 1_000_000_000, (1 << 30) - 1, (1 << 30) - 2) : 5);
            }
        }
    }

    private void optional(int value) {
        int set = once(60) ? 2 : random.nextInt(2);
        out.int32(set);
        if (set == 1) {
            out.int32(value);
        }
    }

    private void list() {
        int count = once(10) ? pick(255, 256, 257, -1, Integer.MAX_VALUE) : random.nextInt(6);
        out.int32(once(20) ? random.nextInt() : count);
        out.int32(count);
        for (int i = 0; i < Math.min(count, 300); i++) {
            out.int32(pick(1, 2, 4, 8, 16, 32, 0x1001, 0x1004, 0x1020, 0));
            out.int32(id());
            out.int32(pick(7, 0, 5, -1));
        }
    }
}
