package dev.nbroot.nfs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nbroot.it.Needs;
import dev.nbroot.it.Thorough;
import dev.nbroot.it.TreeHash;
import dev.nbroot.nfs.export.Changes;
import dev.nbroot.nfs.export.Export;
import dev.nbroot.nfs.export.Squash;
import dev.nbroot.nfs.xdr.XdrException;
import dev.nbroot.report.Failure;
import dev.nbroot.system.TreeRemoval;
import dev.nbroot.system.linux.LinuxPosixFiles;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Calls by the thousand that are nearly right, and streams that are not, while an honest client is served.
 * {@code -Dnbroot.fuzz=N} sets how many calls are made, {@code -Dnbroot.fuzz.seed=S} makes those of an earlier run again.
 */
class NfsFuzzIT {
    private static final String CANARY = "this must not leave the machine: 8a2be01c77";
    private static final FileTime LONG_AGO = FileTime.fromMillis(1_000_000_000_000L);
    private static final int LITTLE = 3_000;
    private static final int MUCH = 1_000_000;
    private static final int SENTINEL = 0x7e57ab1e;
    private static final int CALLS_PER_ROUND = 24;
    private static final int ROUNDS_PER_TREE = 400;
    private static final int SEND_BYTES = 1 << 20;
    private static final int MOST_MEBIBYTES = 450;
    /** Files stay open for 20 s after their last use, removed ones too: quick machines have more of them. */
    private static final int MOST_DESCRIPTORS = 5000;

    private static final int IDLE_DESCRIPTORS = 150;
    private static final long MOST_MICROS = 5_000_000;

    private final long seed = Thorough.seed("nbroot.fuzz.seed");

    @TempDir
    Path work;

    private Path tree;
    private ServerProcess server;
    private final List<byte[]> handles = new ArrayList<>();
    private final List<byte[]> foreign = new ArrayList<>();
    private int calls;
    private int replies;
    private int closed;

    @ParameterizedTest
    @ValueSource(strings = {"here", "anywhere"})
    void hostileCallsHurtNobody(String changes) throws Exception {
        Needs.root();
        int amount = Thorough.amount("nbroot.fuzz", LITTLE, MUCH) / 2;
        tree = Files.createDirectory(work.resolve("tree"));
        Path canary = Files.createDirectory(work.resolve("canary"));
        Files.writeString(canary.resolve("secret"), CANARY);
        String before = TreeHash.of(canary);
        forgetReading();
        long start = System.nanoTime();
        int mostDescriptors = 0;
        int mostMebibytes = 0;
        List<Long> latencies;
        try (ServerProcess started = new ServerProcess(tree, work.resolve("log"), changes)) {
            server = started;
            makeTree();
            collectForeignHandles();
            collectHandles();
            List<String> threads = server.servingThreads();
            Watcher watcher = new Watcher(server.port(), "127.0.0.99", handles.get(0));
            watcher.start();
            for (int round = 0; calls < amount; round++) {
                if (round % ROUNDS_PER_TREE == ROUNDS_PER_TREE - 1) {
                    makeTree();
                    collectHandles();
                    mostDescriptors = Math.max(mostDescriptors, server.descriptors());
                    mostMebibytes = Math.max(mostMebibytes, server.residentMebibytes());
                    nothingOutside(before);
                }
                round(round);
            }
            latencies = watcher.end();
            mostDescriptors = Math.max(mostDescriptors, server.descriptors());
            mostMebibytes = Math.max(mostMebibytes, server.residentMebibytes());
            assertThat(server.isAlive()).isTrue();
            if (amount > LITTLE) {
                closesWhatIsNotUsed();
            }
            assertThat(server.servingThreads()).as("no thread is dead").isEqualTo(threads);
            assertThat(server.said("failed"))
                    .as("the server's own errors, seed %d", seed)
                    .isEmpty();
        }
        nothingOutside(before);
        System.out.printf(
                "%s: %d calls, %d replies, %d connections closed by the server, %d s, at most %d MiB and %d"
                        + " descriptors; watcher: %s; seed %d%n",
                changes,
                calls,
                replies,
                closed,
                (System.nanoTime() - start) / 1_000_000_000,
                mostMebibytes,
                mostDescriptors,
                Watcher.describe(latencies),
                seed);
        assertThat(replies).as("many calls are good enough for an answer").isGreaterThan(calls / 4);
        assertThat(mostMebibytes).isLessThan(MOST_MEBIBYTES);
        assertThat(mostDescriptors).isLessThan(MOST_DESCRIPTORS);
        assertThat(latencies.get(latencies.size() - 1)).as("slowest GETATTR").isLessThan(MOST_MICROS);
    }

    private void closesWhatIsNotUsed() throws Exception {
        for (int i = 0; i < 60 && server.descriptors() >= IDLE_DESCRIPTORS; i++) {
            Thread.sleep(1000);
        }
        assertThat(server.descriptors())
                .as("descriptors at rest, seed %d", seed)
                .isLessThan(IDLE_DESCRIPTORS);
    }

    /** A time of access older than the last change, so that even "relatime" shows a read. */
    private void forgetReading() throws IOException {
        Files.setAttribute(work.resolve("canary/secret"), "lastAccessTime", LONG_AGO);
    }

    private void nothingOutside(String before) throws IOException {
        assertThat(Files.getAttribute(work.resolve("canary/secret"), "lastAccessTime"))
                .as("nobody read the canary, seed %d", seed)
                .isEqualTo(LONG_AGO);
        assertThat(TreeHash.of(work.resolve("canary"))).as("seed %d", seed).isEqualTo(before);
        forgetReading();
        try (var files = Files.list(work)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("tree", "canary", "log");
        }
    }

    /** {@return false when calls that nobody waited for made something new meanwhile} */
    private boolean emptied() throws IOException {
        try (var files = Files.list(tree)) {
            for (Path file : files.toList()) {
                TreeRemoval.remove(file);
            }
            return true;
        } catch (Failure e) {
            if (e.getCause() instanceof DirectoryNotEmptyException) {
                return false;
            }
            throw e;
        }
    }

    /** Makes the tree anew. Calls that nobody waited for may make or remove names meanwhile: then once more. */
    private void makeTree() throws IOException {
        for (int attempt = 0; !emptied() || !filled(); attempt++) {
            assertThat(attempt).as("attempts to make the tree").isLessThan(100);
        }
    }

    private boolean filled() throws IOException {
        try {
            Files.createDirectories(tree.resolve("dir/deep"));
            Files.writeString(tree.resolve("file"), "hello, world");
            Files.write(tree.resolve("large"), new byte[3_000_000]);
            Files.createLink(tree.resolve("hard"), tree.resolve("file"));
            Files.createSymbolicLink(tree.resolve("link"), Path.of("file"));
            Files.createSymbolicLink(tree.resolve("out"), Path.of("../canary"));
            for (int i = 0; i < 300; i++) {
                Files.createFile(tree.resolve("dir/entry" + i));
            }
            return true;
        } catch (FileAlreadyExistsException | NoSuchFileException e) {
            return false;
        }
    }

    /** Good handles first; then those of a removed file and those from elsewhere. */
    private void collectHandles() throws IOException {
        handles.clear();
        try (RawClient client = new RawClient(server.port())) {
            byte[] root = client.mount(tree.toString());
            handles.add(root);
            for (String name : List.of("dir", "file", "large", "link", "out", "hard")) {
                handles.add(client.lookup(root, name));
            }
            Files.createFile(tree.resolve("gone"));
            handles.add(client.lookup(root, "gone"));
            Files.delete(tree.resolve("gone"));
        }
        handles.addAll(foreign);
    }

    /** Of a directory outside, from a server with the same secret, and from one with another. */
    private void collectForeignHandles() throws IOException {
        byte[] secondSecret = new byte[16];
        secondSecret[3] = 1;
        for (byte[] secret : List.of(new byte[16], secondSecret)) {
            Export export = new Export("/e", 7, () -> work, true, Squash.NONE, Changes.ANYWHERE);
            NfsSettings settings =
                    NfsSettings.usual(InetAddress.getLoopbackAddress(), secret).withPorts(0, 0, -1);
            PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
            try (NfsServer other = new NfsServer(
                    settings, new LinuxPosixFiles(), ServeDirectory.policy(export), ServeDirectory.listener(nowhere))) {
                other.start();
                try (RawClient client = new RawClient(other.nfsPort())) {
                    byte[] root = client.mount("/e");
                    foreign.add(root);
                    foreign.add(client.lookup(client.lookup(root, "canary"), "secret"));
                }
            }
        }
    }

    private void round(int round) throws IOException {
        // Of seeds in a row, Random would make much the same first numbers.
        Random random = new Random(new SplittableRandom(seed + round).nextLong());
        HostileCalls maker = new HostileCalls(random, handles, tree.toString());
        Map<Integer, HostileCalls.Call> made = new HashMap<>();
        try {
            if (random.nextInt(8) == 0) {
                datagrams(random, maker, made, round);
            } else {
                stream(random, maker, made, round);
            }
        } catch (IOException | XdrException | AssertionError e) {
            throw new AssertionError("round " + round + " of seed " + seed + ": " + e.getMessage(), e);
        }
    }

    private HostileCalls.Call make(HostileCalls maker, Map<Integer, HostileCalls.Call> made, int round) {
        HostileCalls.Call call = maker.next(round << 10 | made.size());
        made.put(call.xid(), call);
        calls++;
        return call;
    }

    private static String source(Random random) {
        return "127.0.0." + (2 + random.nextInt(60));
    }

    private void stream(Random random, HostileCalls maker, Map<Integer, HostileCalls.Call> made, int round)
            throws IOException {
        HostileStream stream = new HostileStream(random);
        for (int n = 1 + random.nextInt(2 * CALLS_PER_ROUND); n > 0; n--) {
            byte[] record = make(maker, made, round).bytes();
            stream.add(record);
            if (random.nextInt(30) == 0) {
                stream.plain(record);
            }
        }
        ByteBuffer sentinel = ByteBuffer.allocate(40);
        for (int word : new int[] {SENTINEL, 0, 2, 100003, 3, 0, 0, 0, 0, 0}) {
            sentinel.putInt(word);
        }
        stream.plain(sentinel.array());
        try (Socket socket = new Socket()) {
            socket.setSendBufferSize(SEND_BYTES);
            socket.bind(new InetSocketAddress(source(random), 0));
            socket.connect(new InetSocketAddress("127.0.0.1", server.port()));
            socket.setSoTimeout(20_000);
            if (random.nextInt(3) == 0) {
                socket.setSoLinger(true, 0);
            }
            boolean answered = false;
            try {
                send(random, socket.getOutputStream(), stream.bytes());
                if (random.nextInt(20) == 0) {
                    return;
                }
                socket.shutdownOutput();
                answered = receive(socket, made);
            } catch (SocketException e) {
                // Closed with something of ours unread.
                closed++;
            }
            assertThat(answered || !stream.sound())
                    .as("a sound stream is answered to its end")
                    .isTrue();
        }
    }

    private static void send(Random random, OutputStream out, byte[] bytes) throws IOException {
        int at = 0;
        while (at < bytes.length) {
            int n = random.nextInt(4) == 0 ? 1 + random.nextInt(bytes.length - at) : bytes.length - at;
            out.write(bytes, at, n);
            at += n;
        }
    }

    /** {@return whether the last call was answered} */
    private boolean receive(Socket socket, Map<Integer, HostileCalls.Call> made) throws IOException {
        java.io.DataInputStream in =
                new java.io.DataInputStream(new java.io.BufferedInputStream(socket.getInputStream(), 65_536));
        boolean answered = false;
        while (true) {
            int mark;
            try {
                mark = in.readInt();
            } catch (EOFException e) {
                closed += answered ? 0 : 1;
                return answered;
            }
            assertThat(mark).as("a reply is one fragment").isNegative();
            byte[] reply = new byte[mark & 0x7fffffff];
            in.readFully(reply);
            replies++;
            if (ByteBuffer.wrap(reply).getInt() == SENTINEL) {
                answered = true;
            } else {
                check(reply, made);
            }
        }
    }

    private static void check(byte[] reply, Map<Integer, HostileCalls.Call> made) {
        int xid = ByteBuffer.wrap(reply).getInt();
        HostileCalls.Call call = made.get(xid);
        try {
            ReplyShape.check(reply, call == null ? 0 : call.program(), call == null ? 0 : call.procedure());
        } catch (XdrException e) {
            throw new XdrException(e.getMessage() + " in the reply to procedure "
                    + (call == null ? "?" : call.program() + "." + call.procedure()) + ": "
                    + java.util.Arrays.toString(java.util.Arrays.copyOf(reply, Math.min(reply.length, 300))));
        }
        assertThat(new String(reply, StandardCharsets.ISO_8859_1)).doesNotContain(CANARY);
    }

    private void datagrams(Random random, HostileCalls maker, Map<Integer, HostileCalls.Call> made, int round)
            throws IOException {
        try (DatagramChannel channel = DatagramChannel.open()) {
            channel.bind(new InetSocketAddress(source(random), 0));
            channel.connect(new InetSocketAddress("127.0.0.1", server.port()));
            channel.configureBlocking(false);
            ByteBuffer reply = ByteBuffer.allocate(65_536);
            for (int n = 1 + random.nextInt(CALLS_PER_ROUND); n > 0; n--) {
                byte[] record = make(maker, made, round).bytes();
                channel.write(ByteBuffer.wrap(record, 0, Math.min(record.length, 65_507)));
                take(channel, reply, made);
            }
            long until = System.nanoTime() + 20_000_000;
            while (System.nanoTime() < until && take(channel, reply, made)) {
                Thread.onSpinWait();
            }
        }
    }

    private boolean take(DatagramChannel channel, ByteBuffer into, Map<Integer, HostileCalls.Call> made)
            throws IOException {
        into.clear();
        if (channel.read(into) <= 0) {
            return false;
        }
        byte[] reply = java.util.Arrays.copyOf(into.array(), into.position());
        replies++;
        check(reply, made);
        return true;
    }
}
