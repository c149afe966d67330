package dev.nbroot.nfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.nbroot.it.Needs;
import dev.nbroot.nfs.export.Changes;
import dev.nbroot.nfs.export.Decision;
import dev.nbroot.nfs.export.Export;
import dev.nbroot.nfs.export.ExportPolicy;
import dev.nbroot.nfs.export.MountStatus;
import dev.nbroot.nfs.export.NfsListener;
import dev.nbroot.nfs.export.Squash;
import dev.nbroot.nfs.rpc.BindFailure;
import dev.nbroot.nfs.xdr.XdrIn;
import dev.nbroot.nfs.xdr.XdrOut;
import dev.nbroot.system.linux.LinuxPosixFiles;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The server on loopback, with calls that no well-behaved client makes. */
class NfsServerIT implements ExportPolicy, NfsListener {
    private static final int STALE = 70;
    private static final int ACCES = 13;
    private static final int INVAL = 22;
    private static final int NAMETOOLONG = 63;

    @TempDir
    Path work;

    private final List<String> refusals = new CopyOnWriteArrayList<>();
    private final List<Throwable> errors = new CopyOnWriteArrayList<>();
    private final List<String> opened = new CopyOnWriteArrayList<>();
    private volatile String objection = "";
    private volatile boolean exported = true;
    private Path tree;
    private Export export;
    private NfsServer server;
    private RawClient client;
    private byte[] root;

    @BeforeEach
    void start() throws IOException {
        Needs.root();
        tree = Files.createDirectory(work.resolve("tree"));
        Files.createDirectories(tree.resolve("a/b"));
        Files.writeString(tree.resolve("file"), "hello");
        Files.writeString(work.resolve("outside"), "secret");
        Files.createSymbolicLink(tree.resolve("out"), work);
        export = new Export("/e", Export.idOf("/e"), new Tree(), true, Squash.NONE, Changes.HERE_ONLY);
        serve();
        root = client.mount("/e");
    }

    private final class Tree implements Export.Root {
        @Override
        public Path open() {
            opened.add("opened");
            return tree;
        }

        @Override
        public void close() {
            opened.add("closed");
        }
    }

    private void serve() throws IOException {
        NfsSettings settings = NfsSettings.usual(InetAddress.getLoopbackAddress(), new byte[16])
                .withPorts(0, 0, 0);
        server = new NfsServer(settings, new LinuxPosixFiles(), this, this);
        server.start();
        client = new RawClient(server.nfsPort());
    }

    @AfterEach
    void stop() throws IOException, InterruptedException {
        if (server != null) {
            client.close();
            server.close();
            assertThat(errors).isEmpty();
            // An executor is terminated a moment before its last thread has ended.
            for (int i = 0; i < 50 && threads().stream().anyMatch(name -> name.startsWith("nfs-")); i++) {
                Thread.sleep(20);
            }
            assertThat(threads()).noneMatch(name -> name.startsWith("nfs-"));
        }
    }

    private static List<String> threads() {
        return Thread.getAllStackTraces().keySet().stream().map(Thread::getName).toList();
    }

    @Override
    public Decision decide(InetSocketAddress caller, String path) {
        return path.equals("/e") || path.startsWith("/e/")
                ? new Decision.Granted(export)
                : new Decision.Refused(MountStatus.ACCESS, "no such export");
    }

    @Override
    public Optional<Export> find(long id) {
        return exported && id == export.id() ? Optional.of(export) : Optional.empty();
    }

    @Override
    public Optional<String> objection(InetSocketAddress caller, Export asked) {
        return objection.isEmpty() ? Optional.empty() : Optional.of(objection);
    }

    @Override
    public List<Export> visible(InetSocketAddress caller) {
        return List.of(export);
    }

    @Override
    public void mounted(InetSocketAddress who, String path, Export asked) {}

    @Override
    public void unmounted(InetSocketAddress who, String path) {}

    @Override
    public void refused(InetSocketAddress who, String what, String path, String reason) {
        refusals.add(what + " " + path + ": " + reason);
    }

    @Override
    public void failed(String doing, Throwable cause) {
        errors.add(cause);
    }

    private void restart() throws IOException {
        client.close();
        server.close();
        serve();
    }

    @Test
    void handlesOutliveAServerRestartWithoutMount() throws IOException {
        byte[] file = client.lookup(root, "file");
        restart();
        assertThat(client.getattrStatus(file)).isZero();
        assertThat(client.lookup(root, "file")).isEqualTo(file);
        assertThat(opened).as("opened lazily, once per server").containsExactly("opened", "closed", "opened");
    }

    @Test
    void aGoneObjectIsStale() throws IOException {
        byte[] file = client.lookup(root, "file");
        Files.delete(tree.resolve("file"));
        restart();
        assertThat(client.getattrStatus(file)).isEqualTo(STALE);
        exported = false;
        restart();
        assertThat(client.getattrStatus(root)).isEqualTo(STALE);
    }

    @Test
    void aForgedHandleIsNone() throws IOException {
        byte[] file = client.lookup(root, "file");
        for (int i = 0; i < file.length; i++) {
            byte[] forged = file.clone();
            forged[i] ^= 1;
            assertThat(client.getattrStatus(forged)).as("byte %d", i).isEqualTo(10001);
        }
        assertThat(client.getattrStatus(new byte[0])).isEqualTo(10001);
        assertThat(client.getattrStatus(new byte[64])).isEqualTo(10001);
        assertThat(client.getattrStatus(file)).isZero();
    }

    @Test
    void nothingOutsideCanBeReached() throws IOException {
        assertThat(client.lookup(root, "..")).isEqualTo(root);
        assertThat(client.lookup(root, ".")).isEqualTo(root);
        byte[] b = client.lookup(client.lookup(root, "a"), "b");
        assertThat(client.lookup(client.lookup(b, ".."), "..")).isEqualTo(root);
        assertThat(client.lookup(root, "a/b")).containsExactly(INVAL);
        assertThat(client.lookup(root, "../outside")).containsExactly(INVAL);
        assertThat(client.lookup(root, "file\0x")).containsExactly(INVAL);
        assertThat(client.lookup(root, "")).containsExactly(INVAL);
        assertThat(client.lookup(root, "n".repeat(256))).containsExactly(NAMETOOLONG);
        byte[] link = client.lookup(root, "out");
        assertThat(client.lookup(link, "outside")).as("through a symbolic link").containsExactly(20);
        assertThatExceptionOfType(IOException.class).isThrownBy(() -> client.mount("/e/out"));
        assertThatExceptionOfType(IOException.class).isThrownBy(() -> client.mount("/e/../outside"));
        assertThat(client.mount("/e/a/b")).isEqualTo(b);
    }

    @Test
    void namesThatCannotBeMade() throws IOException {
        for (String name : List.of(".", "..")) {
            assertThat(status(9, directoryOp(name).andThen(NfsServerIT::noAttributes)))
                    .as("MKDIR %s", name)
                    .isEqualTo(17);
            assertThat(status(12, directoryOp(name))).as("REMOVE %s", name).isEqualTo(INVAL);
        }
        assertThat(status(13, directoryOp("."))).isEqualTo(INVAL);
        assertThat(status(13, directoryOp(".."))).isEqualTo(66);
        assertThat(status(9, directoryOp("x/y").andThen(NfsServerIT::noAttributes)))
                .isEqualTo(INVAL);
    }

    private int status(int procedure, Consumer<XdrOut> arguments) throws IOException {
        return client.nfs(procedure, arguments).int32();
    }

    private Consumer<XdrOut> directoryOp(String name) {
        return out -> {
            out.opaque(root);
            out.text(name);
        };
    }

    private static void noAttributes(XdrOut out) {
        for (int i = 0; i < 6; i++) {
            out.int32(0);
        }
    }

    @Test
    void anotherMachineMayNotUseAHandle() throws IOException {
        objection = "this view belongs to another client";
        try (RawClient other = new RawClient(server.nfsPort())) {
            assertThat(other.getattrStatus(root)).isEqualTo(ACCES);
        }
        assertThat(refusals).containsExactly("call /e: this view belongs to another client");
    }

    @Test
    void refusesToMountWithAReason() throws IOException {
        assertThat(client.call(RawClient.MOUNT, 1, out -> out.text("/etc")).int32())
                .isEqualTo(ACCES);
        assertThat(refusals).containsExactly("mount /etc: no such export");
    }

    @Test
    void aRepeatedCallIsDoneOnce() throws IOException {
        ByteBuffer mkdir = client.record(
                client.nextXid(), RawClient.NFS, 9, directoryOp("new").andThen(NfsServerIT::noAttributes));
        client.send(mkdir);
        byte[] first = client.receive();
        assertThat(RawClient.body(first).int32()).isZero();
        client.send(mkdir);
        assertThat(client.receive()).isEqualTo(first);
        try (RawClient again = new RawClient(server.nfsPort())) {
            again.send(mkdir);
            assertThat(again.receive()).as("on a new connection").isEqualTo(first);
        }
        assertThat(client.nfs(9, directoryOp("new").andThen(NfsServerIT::noAttributes))
                        .int32())
                .as("a new call")
                .isEqualTo(17);
    }

    @Test
    void aGuardThatDoesNotHoldChangesNothing() throws IOException {
        byte[] file = client.lookup(root, "file");
        int status = status(2, out -> {
            out.opaque(file);
            out.bool(true);
            out.int32(0600);
            for (int i = 0; i < 5; i++) {
                out.int32(0);
            }
            out.bool(true);
            out.int64(0);
        });
        assertThat(status).isEqualTo(10002);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(tree.resolve("file"))))
                .isNotEqualTo("rw-------");
    }

    @Test
    void anExclusiveCreateIsRecognisedByItsVerifier() throws IOException {
        assertThat(status(8, exclusive(0x1234567890abcdefL))).isZero();
        restart();
        assertThat(status(8, exclusive(0x1234567890abcdefL)))
                .as("the same again")
                .isZero();
        assertThat(status(8, exclusive(0x1234567890abcdeeL)))
                .as("another client's")
                .isEqualTo(17);
    }

    private Consumer<XdrOut> exclusive(long verifier) {
        return directoryOp("x").andThen(out -> {
            out.int32(2);
            out.int64(verifier);
        });
    }

    @Test
    void theWriteVerifierChangesWithTheServer() throws IOException {
        byte[] file = client.lookup(root, "file");
        long first = commit(file);
        assertThat(commit(file)).isEqualTo(first);
        restart();
        assertThat(commit(file)).isNotEqualTo(first);
    }

    private long commit(byte[] file) throws IOException {
        XdrIn body = client.nfs(21, out -> {
            out.opaque(file);
            out.int64(0);
            out.int32(0);
        });
        assertThat(body.int32()).isZero();
        body.fixed(4 + 24 + 4 + 84);
        return body.int64();
    }

    @Test
    void usersAreWhoTheySayAndNobodyElse() throws IOException {
        Files.setPosixFilePermissions(work, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.setPosixFilePermissions(tree.resolve("file"), PosixFilePermissions.fromString("rw-------"));
        byte[] file = client.lookup(root, "file");
        assertThat(read(file)).isZero();
        client.as(1000, 1000);
        assertThat(read(file)).isEqualTo(ACCES);
        client.as(-1, -1);
        assertThat(read(file)).as("the id that means 'no change' to the kernel").isEqualTo(ACCES);
        export = new Export("/e", export.id(), new Tree(), true, Squash.ROOT, Changes.HERE_ONLY);
        restart();
        assertThat(read(file)).as("squashed root").isEqualTo(ACCES);
        assertThat(status(9, directoryOp("no").andThen(NfsServerIT::noAttributes)))
                .isEqualTo(ACCES);
    }

    private int read(byte[] file) throws IOException {
        return status(6, out -> {
            out.opaque(file);
            out.int64(0);
            out.int32(100);
        });
    }

    @Test
    void aReadOnlyExportTakesNoChange() throws IOException {
        export = new Export("/e", export.id(), new Tree(), false, Squash.NONE, Changes.NEVER);
        restart();
        byte[] file = client.lookup(root, "file");
        int readOnly = 30;
        assertThat(status(9, directoryOp("no").andThen(NfsServerIT::noAttributes)))
                .isEqualTo(readOnly);
        assertThat(status(12, directoryOp("file"))).isEqualTo(readOnly);
        assertThat(status(7, out -> {
                    out.opaque(file);
                    out.int64(0);
                    out.int32(1);
                    out.int32(0);
                    out.opaque(new byte[1]);
                }))
                .isEqualTo(readOnly);
        assertThat(read(file)).isZero();
    }

    @Test
    void listsALargeDirectoryInPieces() throws IOException {
        Set<String> wanted = new HashSet<>(Set.of(".", ".."));
        Path large = Files.createDirectory(tree.resolve("large"));
        for (int i = 0; i < 2000; i++) {
            Files.createFile(large.resolve("entry" + i));
            wanted.add("entry" + i);
        }
        byte[] directory = client.lookup(root, "large");
        for (boolean plus : new boolean[] {false, true}) {
            List<String> seen = new ArrayList<>();
            long cookie = 0;
            boolean end = false;
            while (!end) {
                long from = cookie;
                XdrIn body = client.nfs(plus ? 17 : 16, out -> {
                    out.opaque(directory);
                    out.int64(from);
                    out.int64(0);
                    if (plus) {
                        out.int32(1000);
                    }
                    out.int32(4096);
                });
                assertThat(body.remaining()).isLessThanOrEqualTo(4096 + 4);
                assertThat(body.int32()).isZero();
                body.fixed(4 + 84 + 8);
                while (body.bool()) {
                    body.int64();
                    seen.add(body.text(255));
                    cookie = body.int64();
                    if (plus && body.bool()) {
                        body.fixed(84);
                    }
                    if (plus && body.bool()) {
                        RawClient.opaque(body);
                    }
                }
                end = body.bool();
            }
            assertThat(seen).containsExactlyInAnyOrderElementsOf(wanted);
        }
    }

    @Test
    void aRecordMayComeInFragments() throws IOException {
        ByteBuffer call = client.record(client.nextXid(), RawClient.NFS, 1, out -> out.opaque(root));
        byte[] bytes = new byte[call.remaining()];
        call.get(bytes);
        for (int i = 0; i < bytes.length; i += 10) {
            int n = Math.min(10, bytes.length - i);
            boolean last = i + n == bytes.length;
            client.sendRaw(
                    ByteBuffer.allocate(4).putInt(last ? n | 0x80000000 : n).array());
            client.sendRaw(Arrays.copyOfRange(bytes, i, i + n));
        }
        assertThat(RawClient.body(client.receive()).int32()).isZero();
    }

    @Test
    void rubbishHurtsNobodyElse() throws IOException {
        Random random = new Random(1094);
        byte[] file = client.lookup(root, "file");
        for (int round = 0; round < 300; round++) {
            try (RawClient hostile = new RawClient(server.nfsPort())) {
                for (int i = 0; i < 50; i++) {
                    byte[] noise = new byte[random.nextInt(200)];
                    random.nextBytes(noise);
                    int procedure = random.nextInt(23);
                    hostile.send(hostile.record(i, RawClient.NFS, procedure, out -> {
                        if (random.nextBoolean()) {
                            out.opaque(random.nextBoolean() ? root : file);
                        }
                        out.buffer().put(noise);
                    }));
                }
                byte[] stream = new byte[random.nextInt(100)];
                random.nextBytes(stream);
                hostile.sendRaw(stream);
            } catch (IOException expected) {
                assertThat(expected).isNotNull();
            }
        }
        assertThat(client.getattrStatus(root)).isZero();
        assertThat(Files.readString(work.resolve("outside"))).isEqualTo("secret");
    }

    @Test
    void aClientThatDoesNotReadIsNotListenedTo() throws IOException {
        Files.write(tree.resolve("big"), new byte[1 << 20]);
        byte[] big = client.lookup(root, "big");
        try (RawClient greedy = new RawClient(server.nfsPort())) {
            Thread sender = new Thread(() -> {
                try {
                    for (int i = 0; i < 100_000; i++) {
                        greedy.send(greedy.record(i, RawClient.NFS, 6, out -> {
                            out.opaque(big);
                            out.int64(0);
                            out.int32(1 << 20);
                        }));
                    }
                } catch (IOException expected) {
                    Thread.currentThread().interrupt();
                }
            });
            sender.start();
            for (int i = 0; i < 2000; i++) {
                assertThat(client.getattrStatus(big)).isZero();
            }
            assertThat(sender.isAlive()).as("it is stuck").isTrue();
        }
    }

    @Test
    void thePortMapperAnswersOverUdp() throws IOException {
        XdrOut out = new XdrOut();
        ByteBuffer call = ByteBuffer.allocate(100);
        out.reset(call);
        int[] words = {7, 0, 2, 100000, 2, 3, 0, 0, 0, 0, RawClient.NFS, 3, 6, 0};
        Arrays.stream(words).forEach(out::int32);
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.setSoTimeout(5000);
            socket.send(new DatagramPacket(
                    call.array(), call.position(), InetAddress.getLoopbackAddress(), server.portmapPort()));
            DatagramPacket reply = new DatagramPacket(new byte[100], 100);
            socket.receive(reply);
            assertThat(reply.getLength()).isEqualTo(28);
            assertThat(ByteBuffer.wrap(reply.getData()).getInt(24)).isEqualTo(server.nfsPort());
        }
    }

    @Test
    void saysWhichPortIsTaken() throws IOException {
        try (ServerSocket holder = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = holder.getLocalPort();
            NfsSettings settings = NfsSettings.usual(InetAddress.getLoopbackAddress(), new byte[16])
                    .withPorts(port, port, -1);
            NfsServer second = new NfsServer(settings, new LinuxPosixFiles(), this, this);
            assertThatExceptionOfType(BindFailure.class)
                    .isThrownBy(second::start)
                    .satisfies(e -> assertThat(e.taken()).isTrue())
                    .satisfies(e -> assertThat(e.address().getPort()).isEqualTo(port));
        }
    }

    @Test
    void aReleasedExportIsClosed() throws IOException {
        client.lookup(root, "file");
        server.release(export.id());
        nothingIsOpen();
        assertThat(client.getattrStatus(root)).as("opened again").isZero();
        assertThat(opened).containsExactly("opened", "closed", "opened");
    }

    @Test
    void whatIsNotExportedAnyMoreIsClosedAndMayComeBack() throws IOException {
        byte[] file = client.lookup(root, "file");
        server.releaseForgotten();
        assertThat(opened).as("it is exported").containsExactly("opened");

        exported = false;
        server.releaseForgotten();
        nothingIsOpen();
        assertThat(opened).containsExactly("opened", "closed");
        try (RawClient other = new RawClient(server.nfsPort())) {
            assertThat(other.getattrStatus(file)).isEqualTo(STALE);
            exported = true;
            assertThat(other.getattrStatus(file)).isZero();
        }
    }

    @Test
    void aRootThatGivesNoHandlesIsTakenBack() throws IOException {
        server.release(export.id());
        opened.clear();
        tree = Path.of("/proc/self");
        assertThatExceptionOfType(IOException.class).isThrownBy(() -> client.mount("/e"));
        assertThat(opened).containsExactly("opened", "closed");
        assertThat(errors).hasSize(1);
        errors.clear();
    }

    private void nothingIsOpen() throws IOException {
        try (var descriptors = Files.list(Path.of("/proc/self/fd"))) {
            assertThat(descriptors.map(NfsServerIT::target)).noneMatch(target -> target.startsWith(tree.toString()));
        }
    }

    private static String target(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (IOException e) {
            return "";
        }
    }
}
