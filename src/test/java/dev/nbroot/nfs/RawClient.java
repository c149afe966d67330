package dev.nbroot.nfs;

import dev.nbroot.nfs.xdr.XdrIn;
import dev.nbroot.nfs.xdr.XdrOut;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Consumer;

/** An RPC client that sends what it is told, right or wrong. */
final class RawClient implements AutoCloseable {
    static final int NFS = 100003;
    static final int MOUNT = 100005;
    static final int NFS_OK = 0;

    private final Socket socket = new Socket();
    private final DataInputStream in;
    private int xid;
    private int uid;
    private int gid;
    private int[] groups = {0};
    private final ByteBuffer scratch = ByteBuffer.allocate(2 << 20);

    RawClient(int port) throws IOException {
        this(port, "127.0.0.1");
    }

    /** Calls from one of the loopback network's many addresses. */
    RawClient(int port, String source) throws IOException {
        socket.bind(new InetSocketAddress(source, 0));
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        socket.setSoTimeout(30_000);
        socket.setTcpNoDelay(true);
        in = new DataInputStream(socket.getInputStream());
        xid = socket.getLocalPort() << 8;
    }

    RawClient as(int newUid, int newGid, int... newGroups) {
        uid = newUid;
        gid = newGid;
        groups = newGroups;
        return this;
    }

    int nextXid() {
        return ++xid;
    }

    ByteBuffer record(int callXid, int program, int procedure, Consumer<XdrOut> arguments) {
        scratch.clear();
        XdrOut out = new XdrOut();
        out.reset(scratch);
        int[] header = {callXid, 0, 2, program, 3, procedure, 1, 24 + 4 * groups.length, 0, 4, 0x68697468, uid, gid};
        Arrays.stream(header).forEach(out::int32);
        out.int32(groups.length);
        Arrays.stream(groups).forEach(out::int32);
        out.int64(0);
        arguments.accept(out);
        return ByteBuffer.wrap(Arrays.copyOf(scratch.array(), scratch.position()));
    }

    void send(ByteBuffer record) throws IOException {
        ByteBuffer framed = ByteBuffer.allocate(record.remaining() + 4);
        framed.putInt(record.remaining() | 0x80000000).put(record.duplicate());
        socket.getOutputStream().write(framed.array());
    }

    void sendRaw(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    byte[] receive() throws IOException {
        byte[] reply = new byte[in.readInt() & 0x7fffffff];
        in.readFully(reply);
        return reply;
    }

    /** {@return the body of the reply to a call that the RPC layer accepted} */
    XdrIn call(int program, int procedure, Consumer<XdrOut> arguments) throws IOException {
        send(record(nextXid(), program, procedure, arguments));
        return body(receive());
    }

    static XdrIn body(byte[] reply) throws IOException {
        XdrIn body = new XdrIn();
        body.reset(ByteBuffer.wrap(reply), 0, reply.length);
        body.int32();
        if (body.int32() != 1 || body.int32() != 0 || body.int64() != 0 || body.int32() != 0) {
            throw new IOException("the call was not accepted: " + Arrays.toString(reply));
        }
        return body;
    }

    XdrIn nfs(int procedure, Consumer<XdrOut> arguments) throws IOException {
        return call(NFS, procedure, arguments);
    }

    static byte[] opaque(XdrIn body) {
        byte[] bytes = new byte[body.opaque(64)];
        body.buffer().get(body.data(), bytes);
        return bytes;
    }

    byte[] mount(String path) throws IOException {
        XdrIn body = call(MOUNT, 1, out -> out.text(path));
        int status = body.int32();
        if (status != 0) {
            throw new IOException("MOUNT says " + status);
        }
        return opaque(body);
    }

    /** {@return the handle that LOOKUP finds, or the status as an array of one byte} */
    byte[] lookup(byte[] directory, String name) throws IOException {
        XdrIn body = nfs(3, out -> {
            out.opaque(directory);
            out.opaque(name.getBytes(StandardCharsets.UTF_8));
        });
        int status = body.int32();
        return status == NFS_OK ? opaque(body) : new byte[] {(byte) status};
    }

    int getattrStatus(byte[] handle) throws IOException {
        return nfs(1, out -> out.opaque(handle)).int32();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
