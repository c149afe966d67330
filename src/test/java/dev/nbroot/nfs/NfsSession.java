package dev.nbroot.nfs;

import dev.nbroot.nfs.xdr.XdrIn;
import dev.nbroot.nfs.xdr.XdrOut;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

/** NFS operations over a few connections at once, with a call now and then sent twice. */
final class NfsSession implements AutoCloseable {
    /** A reply that was not "OK". */
    record Refused(int status) {}

    /** What GETATTR says, and its time of change for a guard. */
    record Attributes(LocalModel.Facts facts, long fileId, int changeSeconds, int changeNanos, int modifySeconds) {}

    private static final int CONNECTIONS = 3;

    private final Random random;
    private int port;
    private final RawClient[] clients = new RawClient[CONNECTIONS];
    private int uid;
    private int gid;
    private int[] groups = {};
    private int xid;
    private int duplicates;

    NfsSession(int port, Random random) throws IOException {
        this.random = random;
        this.xid = random.nextInt();
        connect(port);
    }

    /** Goes on with a server that was started again. */
    void connect(int newPort) throws IOException {
        port = newPort;
        for (int i = 0; i < CONNECTIONS; i++) {
            if (clients[i] != null) {
                clients[i].close();
            }
            clients[i] = new RawClient(port);
        }
    }

    void become(int newUid, int newGid, int... newGroups) {
        uid = newUid;
        gid = newGid;
        groups = newGroups;
    }

    int duplicates() {
        return duplicates;
    }

    byte[] mount(String path) throws IOException {
        return clients[0].as(0, 0).mount(path);
    }

    private XdrIn call(int procedure, Consumer<XdrOut> arguments) throws IOException {
        int which = random.nextInt(CONNECTIONS);
        RawClient client = clients[which].as(uid, gid, groups);
        ByteBuffer record = client.record(++xid, RawClient.NFS, procedure, arguments);
        client.send(record);
        byte[] reply = client.receive();
        boolean once = procedure == 2 || procedure >= 8 && procedure <= 15;
        if (once && random.nextInt(12) == 0) {
            duplicates++;
            if (random.nextBoolean()) {
                client.close();
                clients[which] = new RawClient(port);
            }
            clients[which].send(record);
            byte[] second = clients[which].receive();
            if (!Arrays.equals(reply, second)) {
                throw new AssertionError("procedure " + procedure + " was done twice: " + Arrays.toString(reply)
                        + " and then " + Arrays.toString(second));
            }
        }
        ReplyShape.check(reply, RawClient.NFS, procedure);
        return RawClient.body(reply);
    }

    private static void name(XdrOut out, byte[] directory, String name) {
        out.opaque(directory);
        out.text(name);
    }

    /** {@return the handle, or why not} */
    Object lookup(byte[] directory, String name) throws IOException {
        XdrIn body = call(3, out -> name(out, directory, name));
        int status = body.int32();
        return status == 0 ? RawClient.opaque(body) : new Refused(status);
    }

    Object attributes(byte[] handle) throws IOException {
        XdrIn body = call(1, out -> out.opaque(handle));
        int status = body.int32();
        if (status != 0) {
            return new Refused(status);
        }
        int type = body.int32();
        int mode = body.int32();
        int links = body.int32();
        int owner = body.int32();
        int group = body.int32();
        long size = body.int64();
        body.int64();
        int major = body.int32();
        int minor = body.int32();
        body.int64();
        long id = body.int64();
        body.int64();
        int modified = body.int32();
        body.int32();
        long shown = type == 1 || type == 5 ? size : 0;
        return new Attributes(
                new LocalModel.Facts(type, mode, links, owner, group, shown, major, minor),
                id,
                body.int32(),
                body.int32(),
                modified);
    }

    /** What a call sets; null is "leave it". */
    record Set(Integer mode, Integer uid, Integer gid, Long size, Long seconds) {
        static Set nothing() {
            return new Set(null, null, null, null, null);
        }

        void write(XdrOut out) {
            for (Integer value : new Integer[] {mode, uid, gid}) {
                out.bool(value != null);
                if (value != null) {
                    out.int32(value);
                }
            }
            out.bool(size != null);
            if (size != null) {
                out.int64(size);
            }
            out.int32(0);
            out.int32(seconds == null ? 0 : 2);
            if (seconds != null) {
                out.int32((int) (long) seconds);
                out.int32(0);
            }
        }
    }

    int setattr(byte[] handle, Set set, Attributes guard) throws IOException {
        return call(2, out -> {
                    out.opaque(handle);
                    set.write(out);
                    out.bool(guard != null);
                    if (guard != null) {
                        out.int32(guard.changeSeconds());
                        out.int32(guard.changeNanos());
                    }
                })
                .int32();
    }

    int access(byte[] handle) throws IOException {
        XdrIn body = call(4, out -> {
            out.opaque(handle);
            out.int32(0x3f);
        });
        int status = body.int32();
        if (body.bool()) {
            body.fixed(84);
        }
        return status == 0 ? body.int32() : -status;
    }

    Object readlink(byte[] handle) throws IOException {
        XdrIn body = call(5, out -> out.opaque(handle));
        int status = body.int32();
        if (body.bool()) {
            body.fixed(84);
        }
        return status == 0 ? body.text(4095) : new Refused(status);
    }

    Object read(byte[] handle, long offset, int count) throws IOException {
        XdrIn body = call(6, out -> {
            out.opaque(handle);
            out.int64(offset);
            out.int32(count);
        });
        int status = body.int32();
        if (body.bool()) {
            body.fixed(84);
        }
        if (status != 0) {
            return new Refused(status);
        }
        body.int64();
        byte[] data = new byte[body.opaque(1 << 20)];
        body.buffer().get(body.data(), data);
        return data;
    }

    int write(byte[] handle, long offset, byte[] data, int stable) throws IOException {
        return call(7, out -> {
                    out.opaque(handle);
                    out.int64(offset);
                    out.int32(data.length);
                    out.int32(stable);
                    out.opaque(data);
                })
                .int32();
    }

    int create(byte[] directory, String name, int how, Set set, long verifier) throws IOException {
        return call(8, out -> {
                    name(out, directory, name);
                    out.int32(how);
                    if (how == 2) {
                        out.int64(verifier);
                    } else {
                        set.write(out);
                    }
                })
                .int32();
    }

    int mkdir(byte[] directory, String name, Set set) throws IOException {
        return call(9, out -> {
                    name(out, directory, name);
                    set.write(out);
                })
                .int32();
    }

    int symlink(byte[] directory, String name, String target) throws IOException {
        return call(10, out -> {
                    name(out, directory, name);
                    Set.nothing().write(out);
                    out.text(target);
                })
                .int32();
    }

    int mknod(byte[] directory, String name, int type, Set set, int major, int minor) throws IOException {
        return call(11, out -> {
                    name(out, directory, name);
                    out.int32(type);
                    set.write(out);
                    if (type <= 4) {
                        out.int32(major);
                        out.int32(minor);
                    }
                })
                .int32();
    }

    int remove(byte[] directory, String name, boolean asDirectory) throws IOException {
        return call(asDirectory ? 13 : 12, out -> name(out, directory, name)).int32();
    }

    int rename(byte[] from, String fromName, byte[] to, String toName) throws IOException {
        return call(14, out -> {
                    name(out, from, fromName);
                    name(out, to, toName);
                })
                .int32();
    }

    int link(byte[] handle, byte[] directory, String name) throws IOException {
        return call(15, out -> {
                    out.opaque(handle);
                    name(out, directory, name);
                })
                .int32();
    }

    /**
     * Lists a directory in pieces.
     *
     * @param between runs after every piece
     */
    Object names(byte[] directory, boolean plus, int count, Runnable between) throws IOException {
        List<String> names = new ArrayList<>();
        long cookie = 0;
        boolean end = false;
        while (!end) {
            long from = cookie;
            XdrIn body = call(plus ? 17 : 16, out -> {
                out.opaque(directory);
                out.int64(from);
                out.int64(0);
                if (plus) {
                    out.int32(count);
                }
                out.int32(count);
            });
            int status = body.int32();
            if (body.bool()) {
                body.fixed(84);
            }
            if (status != 0) {
                return new Refused(status);
            }
            body.int64();
            while (body.bool()) {
                body.int64();
                names.add(body.text(255));
                cookie = body.int64();
                if (plus && body.bool()) {
                    body.fixed(84);
                }
                if (plus && body.bool()) {
                    body.opaque(64);
                }
            }
            end = body.bool();
            between.run();
        }
        names.sort(null);
        return names;
    }

    /** {@return the write verifier} */
    long commit(byte[] handle) throws IOException {
        XdrIn body = call(21, out -> {
            out.opaque(handle);
            out.int64(0);
            out.int32(0);
        });
        int status = body.int32();
        if (body.bool()) {
            body.fixed(24);
        }
        if (body.bool()) {
            body.fixed(84);
        }
        return status == 0 ? body.int64() : -status;
    }

    @Override
    public void close() throws IOException {
        for (RawClient client : clients) {
            client.close();
        }
    }
}
