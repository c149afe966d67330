package dev.nbroot.nfs;

import dev.nbroot.nfs.xdr.XdrException;
import dev.nbroot.nfs.xdr.XdrIn;
import java.nio.ByteBuffer;
import java.util.Set;

/** What a reply must look like, byte for byte: RFC 5531 (9), RFC 1813, RFC 1833 and the NFSACL side protocol. */
final class ReplyShape {
    private static final Set<Integer> NFS_STATUS = Set.of(
            0, 1, 2, 5, 6, 13, 17, 18, 19, 20, 21, 22, 27, 28, 30, 31, 63, 66, 69, 70, 71, 10001, 10002, 10003, 10004,
            10005, 10006, 10007, 10008);
    private static final Set<Integer> MOUNT_STATUS = Set.of(0, 1, 2, 5, 13, 20, 22, 63, 10004, 10006);

    private final XdrIn in = new XdrIn();

    private ReplyShape(byte[] reply) {
        in.reset(ByteBuffer.wrap(reply), 0, reply.length);
    }

    /**
     * Checks a reply.
     *
     * @param program the program called; 0 when only the RPC header is known
     * @throws XdrException when something is wrong
     */
    static void check(byte[] reply, int program, int procedure) {
        ReplyShape shape = new ReplyShape(reply);
        if (shape.header() && program != 0) {
            shape.body(program, procedure);
        } else if (program == 0) {
            return;
        }
        must(shape.in.remaining() == 0, shape.in.remaining() + " bytes too many");
    }

    private static void must(boolean holds, String what) {
        if (!holds) {
            throw new XdrException(what);
        }
    }

    /** {@return whether the call was done, so that a body follows} */
    private boolean header() {
        in.int32();
        must(in.int32() == 1, "no reply");
        if (in.bool()) {
            if (in.bool()) {
                int why = in.int32();
                must(why >= 1 && why <= 14, "auth_stat " + why);
            } else {
                must(in.int32() == 2 && in.int32() == 2, "RPC versions");
            }
            return false;
        }
        must(in.int64() == 0, "verifier");
        int status = in.int32();
        must(status >= 0 && status <= 4, "accept_stat " + status);
        if (status == 2) {
            must(in.int32() <= in.int32(), "versions");
        }
        return status == 0;
    }

    private void body(int program, int procedure) {
        switch (program) {
            case 100003 -> nfs(procedure);
            case 100005 -> mount(procedure);
            case 100000 -> portmap(procedure);
            case 100227 -> acl(procedure);
            default -> throw new XdrException("program " + program + " is not served");
        }
    }

    private boolean status() {
        int status = in.int32();
        must(NFS_STATUS.contains(status), "nfsstat3 " + status);
        return status == 0;
    }

    private void nfs(int procedure) {
        if (procedure == 0) {
            return;
        }
        boolean ok = status();
        switch (procedure) {
            case 1 -> when(ok, this::attributes);
            case 2, 12, 13 -> change();
            case 3 -> {
                when(ok, this::handle);
                when(ok, this::after);
                after();
            }
            case 4 -> {
                after();
                when(ok, () -> must((in.int32() & ~0x3f) == 0, "access bits"));
            }
            case 5 -> {
                after();
                when(ok, () -> in.opaque(4095));
            }
            case 6 -> {
                after();
                when(ok, this::data);
            }
            case 7 -> {
                change();
                when(ok, () -> {
                    in.int32();
                    must(in.int32() >>> 1 <= 1, "stable_how");
                    in.int64();
                });
            }
            case 8, 9, 10, 11 -> {
                when(ok, this::maybeHandle);
                when(ok, this::after);
                change();
            }
            case 14 -> {
                change();
                change();
            }
            case 15 -> {
                after();
                change();
            }
            case 16, 17 -> {
                after();
                when(ok, () -> entries(procedure == 17));
            }
            case 18 -> tail(ok, 52);
            case 19 -> tail(ok, 48);
            case 20 -> tail(ok, 24);
            case 21 -> {
                change();
                when(ok, in::int64);
            }
            default -> throw new XdrException("there is no procedure " + procedure);
        }
    }

    private static void when(boolean ok, Runnable part) {
        if (ok) {
            part.run();
        }
    }

    private void tail(boolean ok, int bytes) {
        after();
        when(ok, () -> in.fixed(bytes));
    }

    private void attributes() {
        int type = in.int32();
        must(type >= 1 && type <= 7, "ftype3 " + type);
        must((in.int32() & ~07777) == 0, "mode");
        in.fixed(60 - 8);
        for (int i = 0; i < 3; i++) {
            in.int32();
            must(Integer.compareUnsigned(in.int32(), 1_000_000_000) < 0, "nanoseconds");
        }
    }

    private void after() {
        when(in.bool(), this::attributes);
    }

    private void change() {
        when(in.bool(), () -> in.fixed(24));
        after();
    }

    private void handle() {
        must(in.opaque(64) > 0, "an empty handle");
    }

    private void maybeHandle() {
        when(in.bool(), this::handle);
    }

    private void data() {
        int count = in.int32();
        in.bool();
        must(in.opaque(1 << 20) == count, "counts of READ");
    }

    private void entries(boolean plus) {
        in.int64();
        while (in.bool()) {
            in.int64();
            must(in.opaque(255) > 0, "an empty name");
            must(in.int64() != 0, "cookie 0");
            when(plus, this::after);
            when(plus, this::maybeHandle);
        }
        in.bool();
    }

    private void mount(int procedure) {
        switch (procedure) {
            case 0, 3, 4 -> {}
            case 1 -> {
                int status = in.int32();
                must(MOUNT_STATUS.contains(status), "mountstat3 " + status);
                when(status == 0, this::handle);
                when(status == 0, () -> in.fixed(4 * in.int32()));
            }
            case 2 -> {
                while (in.bool()) {
                    in.opaque(255);
                    in.opaque(1024);
                }
            }
            case 5 -> {
                while (in.bool()) {
                    in.opaque(1024);
                    while (in.bool()) {
                        in.opaque(255);
                    }
                }
            }
            default -> throw new XdrException("there is no procedure " + procedure);
        }
    }

    private void portmap(int procedure) {
        switch (procedure) {
            case 0 -> {}
            case 1, 2 -> in.bool();
            case 3 -> must(in.int32() >>> 16 == 0, "port");
            case 4 -> {
                while (in.bool()) {
                    in.fixed(16);
                }
            }
            default -> throw new XdrException("there is no procedure " + procedure);
        }
    }

    private void acl(int procedure) {
        if (procedure == 0) {
            return;
        }
        must(procedure <= 2, "procedure");
        boolean ok = status();
        after();
        when(ok && procedure == 1, () -> {
            in.int32();
            for (int i = 0; i < 2; i++) {
                int count = in.int32();
                must(count == in.int32() && count >= 0, "counts of a list");
                in.fixed(12 * count);
            }
        });
    }
}
