package dev.nbroot.nfs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nbroot.it.Needs;
import dev.nbroot.nfs.export.Changes;
import dev.nbroot.nfs.export.Export;
import dev.nbroot.nfs.export.Squash;
import dev.nbroot.nfs.xdr.XdrIn;
import dev.nbroot.nfs.xdr.XdrOut;
import dev.nbroot.system.linux.LinuxPosixFiles;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every program and procedure over both transports, and each way of asking for what there is not. */
class NfsProtocolIT {
    private static final int PORTMAP = 100000;
    private static final int NFS = 100003;
    private static final int MOUNT = 100005;
    private static final int ACL = 100227;
    private static final int PROG_UNAVAIL = 1;
    private static final int PROC_UNAVAIL = 3;
    private static final int GARBAGE_ARGS = 4;

    /** How a call travels. */
    enum Transport {
        TCP,
        UDP
    }

    @TempDir
    Path work;

    private final ByteArrayOutputStream told = new ByteArrayOutputStream();
    private Path tree;
    private NfsServer server;
    private int xid = 1;

    @BeforeEach
    void start() throws IOException {
        Needs.root();
        tree = Files.createDirectory(work.resolve("tree"));
        Files.writeString(tree.resolve("file"), "hello");
        Export export = new Export("/e", Export.idOf("/e"), () -> tree, true, Squash.NONE, Changes.HERE_ONLY);
        server = new NfsServer(
                NfsSettings.usual(InetAddress.getLoopbackAddress(), new byte[16])
                        .withPorts(0, 0, 0),
                new LinuxPosixFiles(),
                ServeDirectory.policy(export),
                ServeDirectory.listener(new PrintStream(told, true)));
        server.start();
    }

    @AfterEach
    void stop() {
        if (server != null) {
            server.close();
            assertThat(told.toString(StandardCharsets.UTF_8)).doesNotContain("failed");
        }
    }

    /** {@return the reply behind its xid} */
    private ByteBuffer exchange(Transport transport, int port, Consumer<XdrOut> call) throws IOException {
        ByteBuffer request = ByteBuffer.allocate(64 * 1024);
        XdrOut out = new XdrOut();
        out.reset(request);
        out.int32(++xid);
        call.accept(out);
        byte[] reply = transport == Transport.TCP ? tcp(port, request.flip()) : udp(port, request.flip());
        ByteBuffer buffer = ByteBuffer.wrap(reply);
        assertThat(buffer.getInt()).isEqualTo(xid);
        return buffer;
    }

    private static byte[] tcp(int port, ByteBuffer request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(10_000);
            ByteBuffer framed = ByteBuffer.allocate(request.remaining() + 4);
            framed.putInt(request.remaining() | 0x80000000).put(request);
            socket.getOutputStream().write(framed.array());
            DataInputStream in = new DataInputStream(socket.getInputStream());
            byte[] reply = new byte[in.readInt() & 0x7fffffff];
            in.readFully(reply);
            return reply;
        }
    }

    private static byte[] udp(int port, ByteBuffer request) throws IOException {
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.setSoTimeout(10_000);
            InetAddress to = InetAddress.getLoopbackAddress();
            socket.send(new DatagramPacket(request.array(), request.remaining(), to, port));
            DatagramPacket reply = new DatagramPacket(new byte[65_536], 65_536);
            socket.receive(reply);
            return Arrays.copyOf(reply.getData(), reply.getLength());
        }
    }

    private int port(int program) {
        return program == PORTMAP ? server.portmapPort() : server.nfsPort();
    }

    private XdrIn call(Transport t, int program, int version, int procedure, Consumer<XdrOut> arguments)
            throws IOException {
        ByteBuffer reply = exchange(t, port(program), out -> {
            int[] header = {0, 2, program, version, procedure, 1, 20, 0, 0, 0, 0, 0, 0, 0};
            Arrays.stream(header).forEach(out::int32);
            arguments.accept(out);
        });
        XdrIn in = new XdrIn();
        in.reset(reply, reply.position(), reply.limit());
        assertThat(in.int32()).as("REPLY").isEqualTo(1);
        assertThat(in.int32()).as("MSG_ACCEPTED").isZero();
        assertThat(in.int64()).as("verifier").isZero();
        return in;
    }

    private static void nothing(XdrOut out) {
        assertThat(out).isNotNull();
    }

    private int accepted(Transport t, int program, int version, int procedure) throws IOException {
        return call(t, program, version, procedure, NfsProtocolIT::nothing).int32();
    }

    @ParameterizedTest
    @EnumSource
    void everyProgramHasItsProceduresAndNoOthers(Transport t) throws IOException {
        int[][] programs = {{PORTMAP, 2, 4}, {NFS, 3, 21}, {MOUNT, 3, 5}, {ACL, 3, 2}};
        for (int[] program : programs) {
            XdrIn body = call(t, program[0], program[1], 0, NfsProtocolIT::nothing);
            assertThat(body.int32()).as("NULL of %s", program[0]).isZero();
            assertThat(body.remaining()).isZero();
            for (int procedure : new int[] {program[2] + 1, 99, -1}) {
                assertThat(accepted(t, program[0], program[1], procedure))
                        .as("%s %s", program[0], procedure)
                        .isEqualTo(PROC_UNAVAIL);
            }
        }
        assertThat(accepted(t, 100021, 4, 0)).as("NLM").isEqualTo(PROG_UNAVAIL);
    }

    @ParameterizedTest
    @EnumSource
    void otherVersionsLearnWhichThereIs(Transport t) throws IOException {
        int[][] asked = {
            {NFS, 2, 3}, {NFS, 4, 3}, {MOUNT, 1, 3}, {MOUNT, 2, 3}, {ACL, 2, 3}, {PORTMAP, 3, 2}, {PORTMAP, 4, 2}
        };
        for (int[] a : asked) {
            XdrIn body = call(t, a[0], a[1], 1, NfsProtocolIT::nothing);
            assertThat(List.of(body.int32(), body.int32(), body.int32()))
                    .as("%s version %s", a[0], a[1])
                    .containsExactly(2, a[2], a[2]);
            assertThat(body.remaining()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void argumentsThatAreMissingAreGarbage(Transport t) throws IOException {
        for (int procedure = 1; procedure <= 21; procedure++) {
            assertThat(accepted(t, NFS, 3, procedure)).as("NFS %s", procedure).isEqualTo(GARBAGE_ARGS);
        }
        for (int procedure : new int[] {1, 3}) {
            assertThat(accepted(t, MOUNT, 3, procedure))
                    .as("MOUNT %s", procedure)
                    .isEqualTo(GARBAGE_ARGS);
            assertThat(call(t, MOUNT, 3, procedure, out -> out.text("/" + "x".repeat(1024)))
                            .int32())
                    .as("a path longer than MNTPATHLEN")
                    .isEqualTo(GARBAGE_ARGS);
        }
        assertThat(accepted(t, PORTMAP, 2, 3)).isEqualTo(GARBAGE_ARGS);
        assertThat(accepted(t, ACL, 3, 1)).isEqualTo(GARBAGE_ARGS);
        assertThat(accepted(t, ACL, 3, 2)).isEqualTo(GARBAGE_ARGS);
    }

    @ParameterizedTest
    @EnumSource
    void credentialsThatAreNotUnderstoodAreDenied(Transport t) throws IOException {
        for (int flavor : new int[] {2, 3, 6, 7, 390003}) {
            assertThat(denied(t, 2, NFS, 3, 0, flavor, 0, 0, 0))
                    .as("flavor %s: AUTH_ERROR, AUTH_BADCRED", flavor)
                    .containsExactly(1, 1, 1, 1);
        }
        assertThat(denied(t, 2, NFS, 3, 0, 0, 0, 0, 404)).as("AUTH_BADVERF").containsExactly(1, 1, 1, 3);
        assertThat(denied(t, 3, NFS, 3, 0, 0, 0, 0, 0)).as("RPC_MISMATCH").containsExactly(1, 1, 0, 2, 2);
    }

    private int[] denied(Transport t, int... words) throws IOException {
        ByteBuffer reply = exchange(t, server.nfsPort(), out -> {
            out.int32(0);
            Arrays.stream(words).forEach(out::int32);
        });
        int[] all = new int[reply.remaining() / 4];
        reply.asIntBuffer().get(all);
        return all;
    }

    @ParameterizedTest
    @EnumSource
    void thePortMapperTellsAndTakesNothing(Transport t) throws IOException {
        int nfs = server.nfsPort();
        for (int[] ask : new int[][] {
            {NFS, 3, 6, nfs},
            {NFS, 3, 17, nfs},
            {MOUNT, 3, 6, nfs},
            {MOUNT, 3, 17, nfs},
            {ACL, 3, 6, nfs},
            {PORTMAP, 2, 6, server.portmapPort()},
            {100021, 4, 6, 0},
            {NFS, 3, 132, 0}
        }) {
            assertThat(portmap(t, 3, ask[0], ask[1], ask[2]))
                    .as("GETPORT %s", Arrays.toString(ask))
                    .isEqualTo(ask[3]);
        }
        List<String> before = dump(t);
        assertThat(before)
                .contains("100003 3 6 " + nfs, "100003 3 17 " + nfs, "100005 3 6 " + nfs, "100005 3 17 " + nfs)
                .contains("100000 2 17 " + server.portmapPort());
        assertThat(portmap(t, 1, 300000, 1, 6)).as("SET").isZero();
        assertThat(portmap(t, 2, NFS, 3, 6)).as("UNSET").isZero();
        assertThat(dump(t)).isEqualTo(before);
        assertThat(accepted(t, PORTMAP, 2, 5)).as("CALLIT").isEqualTo(PROC_UNAVAIL);
    }

    private int portmap(Transport t, int procedure, int program, int version, int protocol) throws IOException {
        XdrIn body = call(t, PORTMAP, 2, procedure, out -> {
            out.int32(program);
            out.int32(version);
            out.int32(protocol);
            out.int32(4045);
        });
        assertThat(body.int32()).isZero();
        return body.int32();
    }

    private List<String> dump(Transport t) throws IOException {
        XdrIn body = call(t, PORTMAP, 2, 4, NfsProtocolIT::nothing);
        assertThat(body.int32()).isZero();
        List<String> all = new ArrayList<>();
        while (body.bool()) {
            all.add(body.int32() + " " + body.int32() + " " + body.int32() + " " + body.int32());
        }
        return all;
    }

    @ParameterizedTest
    @EnumSource
    void mountKeepsAnHonestList(Transport t) throws IOException {
        assertThat(mounts(t)).isEmpty();
        byte[] root = mount(t, "/e");
        assertThat(root).hasSizeBetween(20, 64);
        assertThat(call(t, MOUNT, 3, 1, out -> out.text("/other")).int64())
                .as("MNT3ERR_ACCES")
                .isEqualTo(13);
        assertThat(call(t, MOUNT, 3, 1, out -> out.text("/e/none")).int64())
                .as("MNT3ERR_NOENT")
                .isEqualTo(2);
        assertThat(call(t, MOUNT, 3, 1, out -> out.text("/e/file")).int64())
                .as("MNT3ERR_NOTDIR")
                .isEqualTo(20);
        assertThat(call(t, MOUNT, 3, 1, out -> out.text("e")).int64())
                .as("MNT3ERR_INVAL")
                .isEqualTo(22);
        Files.createDirectory(tree.resolve("d"));
        mount(t, "/e/d");
        mount(t, "/e");
        assertThat(mounts(t)).containsExactlyInAnyOrder("127.0.0.1 /e", "127.0.0.1 /e/d");
        assertThat(call(t, MOUNT, 3, 3, out -> out.text("/e/d")).int32()).isZero();
        assertThat(call(t, MOUNT, 3, 3, out -> out.text("/never")).int32()).isZero();
        assertThat(mounts(t)).containsExactly("127.0.0.1 /e");
        assertThat(accepted(t, MOUNT, 3, 4)).as("UMNTALL").isZero();
        assertThat(mounts(t)).isEmpty();
        assertThat(told.toString(StandardCharsets.UTF_8))
                .doesNotContain("unmounted /never")
                .contains("/e/d");

        XdrIn exports = call(t, MOUNT, 3, 5, NfsProtocolIT::nothing);
        assertThat(exports.int32()).isZero();
        assertThat(exports.bool()).isTrue();
        assertThat(exports.text(1024)).isEqualTo("/e");
        assertThat(exports.bool()).as("a group").isTrue();
        assertThat(exports.text(255)).as("who may: the caller").isEqualTo("127.0.0.1");
        assertThat(exports.bool()).isFalse();
        assertThat(exports.bool()).isFalse();
    }

    private List<String> mounts(Transport t) throws IOException {
        XdrIn body = call(t, MOUNT, 3, 2, NfsProtocolIT::nothing);
        assertThat(body.int32()).isZero();
        List<String> all = new ArrayList<>();
        while (body.bool()) {
            all.add(body.text(255) + " " + body.text(1024));
        }
        return all;
    }

    private byte[] mount(Transport t, String path) throws IOException {
        XdrIn body = call(t, MOUNT, 3, 1, out -> out.text(path));
        assertThat(body.int64()).as("accepted, MNT3_OK").isZero();
        return RawClient.opaque(body);
    }

    private XdrIn nfs(Transport t, int procedure, Consumer<XdrOut> arguments) throws IOException {
        XdrIn body = call(t, NFS, 3, procedure, arguments);
        assertThat(body.int32()).as("accepted: procedure %s", procedure).isZero();
        assertThat(body.int32()).as("status of procedure %s", procedure).isZero();
        return body;
    }

    private static Consumer<XdrOut> at(byte[] handle) {
        return out -> out.opaque(handle);
    }

    private static Consumer<XdrOut> at(byte[] directory, String name) {
        return at(directory).andThen(out -> out.text(name));
    }

    private static Consumer<XdrOut> words(int... words) {
        return out -> Arrays.stream(words).forEach(out::int32);
    }

    /** {@return sattr3 with a mode only} */
    private static Consumer<XdrOut> mode(int mode) {
        return words(1, mode, 0, 0, 0, 0, 0);
    }

    @ParameterizedTest
    @EnumSource
    void allTwentyTwoProceduresWork(Transport t) throws IOException {
        byte[] root = mount(t, "/e");
        byte[] file = RawClient.opaque(nfs(t, 3, at(root, "file")));
        nfs(t, 1, at(file));
        nfs(t, 2, at(file).andThen(mode(0640)).andThen(words(0)));
        assertThat(Files.getAttribute(tree.resolve("file"), "unix:mode")).isEqualTo(0100640);
        nfs(t, 4, at(file).andThen(words(0x3f)));
        nfs(t, 8, at(root, "new").andThen(words(1)).andThen(mode(0600)));
        byte[] made = RawClient.opaque(nfs(t, 3, at(root, "new")));
        nfs(t, 7, at(made).andThen(words(0, 0, 5, 2)).andThen(out -> out.text("works")));
        nfs(t, 21, at(made).andThen(words(0, 0, 0)));
        assertThat(Files.readString(tree.resolve("new"))).isEqualTo("works");
        XdrIn read = nfs(t, 6, at(made).andThen(words(0, 1, 100)));
        read.fixed(4 + 84 + 4);
        assertThat(read.bool()).as("eof").isTrue();
        assertThat(read.text(100)).isEqualTo("orks");
        nfs(t, 9, at(root, "dir").andThen(mode(0755)));
        byte[] directory = RawClient.opaque(nfs(t, 3, at(root, "dir")));
        nfs(t, 10, at(root, "link").andThen(mode(0777)).andThen(out -> out.text("file")));
        XdrIn link = nfs(t, 5, at(RawClient.opaque(nfs(t, 3, at(root, "link")))));
        link.fixed(4 + 84);
        assertThat(link.text(100)).isEqualTo("file");
        nfs(t, 11, at(root, "fifo").andThen(words(7)).andThen(mode(0600)));
        assertThat((Integer) Files.getAttribute(tree.resolve("fifo"), "unix:mode") & 0170000)
                .isEqualTo(0010000);
        nfs(t, 14, at(root, "new").andThen(at(directory, "moved")));
        nfs(t, 15, at(made).andThen(at(root, "linked")));
        assertThat(Files.getAttribute(tree.resolve("dir/moved"), "unix:nlink")).isEqualTo(2);
        nfs(t, 16, at(root).andThen(words(0, 0, 0, 0, 4096)));
        nfs(t, 17, at(root).andThen(words(0, 0, 0, 0, 4096, 8192)));
        nfs(t, 18, at(root));
        nfs(t, 20, at(root));
        nfs(t, 12, at(directory, "moved"));
        nfs(t, 13, at(root, "dir"));
        assertThat(tree.resolve("dir")).doesNotExist();
        limits(t, nfs(t, 19, at(root)));
    }

    /** A datagram carries 64 KiB at most; a connection has no such bound. */
    private static void limits(Transport t, XdrIn info) {
        info.fixed(4 + 84);
        int most = t == Transport.UDP ? 32 * 1024 : 1024 * 1024;
        int[] sizes = {most, most, 4096, most, most, 4096};
        for (int size : sizes) {
            assertThat(info.int32()).isEqualTo(size);
        }
        assertThat(info.int32()).as("dtpref").isBetween(32 * 1024, most);
        assertThat(info.int64()).as("maxfilesize").isEqualTo(Long.MAX_VALUE);
        assertThat(info.int64()).as("time_delta: a nanosecond").isEqualTo(1);
        assertThat(info.int32()).as("links, symbolic links, homogeneous, times").isEqualTo(0x1b);
        assertThat(info.remaining()).isZero();
    }

    @Test
    void aReplyNeverExceedsADatagram() throws IOException {
        for (int i = 0; i < 2000; i++) {
            Files.createFile(tree.resolve("a-name-of-some-length-" + i));
        }
        Files.write(tree.resolve("big"), new byte[1 << 20]);
        byte[] root = mount(Transport.UDP, "/e");
        byte[] big = RawClient.opaque(nfs(Transport.UDP, 3, at(root, "big")));
        XdrIn read = nfs(Transport.UDP, 6, at(big).andThen(words(0, 0, 1 << 20)));
        read.fixed(4 + 84);
        assertThat(read.int32()).as("a short read, which clients know").isEqualTo(32 * 1024);
        assertThat(nfs(Transport.UDP, 17, at(root).andThen(words(0, 0, 0, 0, -1, -1)))
                        .remaining())
                .isBetween(16 * 1024, 32 * 1024);
    }
}
