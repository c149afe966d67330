package dev.nbroot.nfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.nbroot.it.Needs;
import dev.nbroot.it.Thorough;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Thousands of connections that do harm, while another machine works. */
class ManyConnectionsIT {
    private static final int LITTLE = 300;
    private static final int MUCH = 10_000;
    private static final int SECONDS = 1;
    private static final int THOROUGH_SECONDS = 15;
    private static final int ADDRESSES = 40;
    private static final int MOST_MEBIBYTES = 450;
    private static final long MOST_MICROS = 20_000_000;
    private static final int MEBIBYTE = 1 << 20;

    @TempDir
    Path work;

    private Path tree;

    /** What a connection does. */
    enum Harm {
        IDLE(false) {
            @Override
            boolean harm(SocketChannel channel, byte[] file, int turn) {
                return false;
            }
        },
        PART_OF_A_RECORD(false) {
            @Override
            boolean harm(SocketChannel channel, byte[] file, int turn) throws IOException {
                if (turn == 0) {
                    channel.write(ByteBuffer.allocate(10).putInt(0, 0x80000000 | MEBIBYTE));
                }
                return false;
            }
        },
        SLOW_WRITER(true) {
            @Override
            boolean harm(SocketChannel channel, byte[] file, int turn) throws IOException {
                byte[] mark = {(byte) 0x80, 0x10, 0, 0};
                channel.write(ByteBuffer.wrap(new byte[] {turn < 4 ? mark[turn] : 1}));
                return true;
            }
        },
        SLOW_READER(true) {
            @Override
            boolean harm(SocketChannel channel, byte[] file, int turn) throws IOException {
                if (turn < 8) {
                    channel.write(read(file, turn));
                } else {
                    channel.read(ByteBuffer.allocate(1));
                }
                return true;
            }
        },
        FLOOD(false) {
            @Override
            boolean harm(SocketChannel channel, byte[] file, int turn) throws IOException {
                ByteBuffer calls = ByteBuffer.allocate(8000);
                for (int i = 0; i < 50; i++) {
                    calls.put(read(file, i).duplicate());
                }
                channel.write(calls.flip());
                return true;
            }
        };

        /** Whether it is tried every time. */
        private final boolean always;

        Harm(boolean always) {
            this.always = always;
        }

        /** {@return whether there is more of it to come} */
        abstract boolean harm(SocketChannel channel, byte[] file, int turn) throws IOException;

        static ByteBuffer read(byte[] file, int xid) {
            ByteBuffer call = ByteBuffer.allocate(160);
            call.putInt(0);
            for (int word : new int[] {xid, 0, 2, 100003, 3, 6, 1, 20, 0, 0, 0, 0, 0, 0, 0, file.length}) {
                call.putInt(word);
            }
            call.put(file).position(call.position() + 3 & ~3);
            call.putLong(0).putInt(MEBIBYTE);
            return call.putInt(0, 0x80000000 | call.position() - 4).flip();
        }
    }

    @BeforeEach
    void makeTree() throws IOException {
        Needs.root();
        tree = Files.createDirectory(work.resolve("tree"));
        Files.write(tree.resolve("large"), new byte[MEBIBYTE]);
    }

    @ParameterizedTest
    @EnumSource
    void othersAreServed(Harm harm) throws Exception {
        assumeTrue(harm.always || Thorough.all(), "it takes long, and its like is tried every time");
        int count = Thorough.amount("nbroot.connections", LITTLE, MUCH);
        int seconds = Thorough.all() ? THOROUGH_SECONDS : SECONDS;
        List<SocketChannel> channels = new ArrayList<>();
        try (ServerProcess server = new ServerProcess(tree, work.resolve("log"), "here");
                RawClient worker = new RawClient(server.port(), "127.0.0.98")) {
            byte[] root = worker.mount(tree.toString());
            byte[] large = worker.lookup(root, "large");
            List<String> threads = server.servingThreads();
            Watcher watcher = new Watcher(server.port(), "127.0.0.99", root);
            watcher.start();
            long until = System.nanoTime() + seconds * 1_000_000_000L;
            int turns = 0;
            int mostMebibytes = 0;
            int mostDescriptors = 0;
            try {
                for (int i = 0; i < count; i++) {
                    channels.add(connect(server.port(), "127.0.1." + (1 + i % ADDRESSES)));
                    harm(harm, channels.get(i), large, 0);
                }
                boolean more = true;
                while (System.nanoTime() < until || turns < 3) {
                    turns++;
                    for (int i = 0; more && i < channels.size(); i++) {
                        more = harm(harm, channels.get(i), large, turns) || i < channels.size() - 1;
                    }
                    work(worker, root, turns);
                    mostMebibytes = Math.max(mostMebibytes, server.residentMebibytes());
                    mostDescriptors = Math.max(mostDescriptors, server.descriptors());
                    Thread.sleep(20);
                }
            } finally {
                for (SocketChannel channel : channels) {
                    channel.close();
                }
            }
            List<Long> latencies = watcher.end();
            System.out.printf(
                    "%s: %d connections from %d addresses, %d turns, at most %d MiB and %d descriptors; watcher: %s; %s%n",
                    harm,
                    count,
                    ADDRESSES,
                    turns,
                    mostMebibytes,
                    mostDescriptors,
                    Watcher.describe(latencies),
                    server.said("refused").stream().findFirst().orElse("nothing said"));
            assertThat(server.said("failed")).isEmpty();
            assertThat(server.servingThreads()).isEqualTo(threads);
            assertThat(mostMebibytes).isLessThan(MOST_MEBIBYTES);
            assertThat(latencies.get(latencies.size() - 1))
                    .as("slowest GETATTR")
                    .isLessThan(MOST_MICROS);
        }
    }

    private static SocketChannel connect(int port, String source) throws IOException {
        SocketChannel channel = SocketChannel.open();
        channel.setOption(StandardSocketOptions.SO_RCVBUF, 4096);
        channel.bind(new InetSocketAddress(source, 0));
        channel.connect(new InetSocketAddress("127.0.0.1", port));
        channel.configureBlocking(false);
        return channel;
    }

    private static boolean harm(Harm harm, SocketChannel channel, byte[] file, int turn) {
        try {
            return harm.harm(channel, file, turn);
        } catch (IOException e) {
            // The server has had enough of it.
            return false;
        }
    }

    /** What a machine does that works: a megabyte written and read. */
    private static void work(RawClient worker, byte[] root, int turn) throws IOException {
        byte[] data = new byte[MEBIBYTE];
        data[turn % MEBIBYTE] = (byte) turn;
        String name = "mine" + turn % 3;
        int made = worker.nfs(8, out -> {
                    out.opaque(root);
                    out.text(name);
                    for (int i = 0; i < 7; i++) {
                        out.int32(0);
                    }
                })
                .int32();
        assertThat(made).isZero();
        byte[] file = worker.lookup(root, name);
        int written = worker.nfs(7, out -> {
                    out.opaque(file);
                    out.int64(0);
                    out.int32(MEBIBYTE);
                    out.int32(0);
                    out.opaque(data);
                })
                .int32();
        assertThat(written).isZero();
        byte[] back = new byte[MEBIBYTE];
        var body = worker.nfs(6, out -> {
            out.opaque(file);
            out.int64(0);
            out.int32(MEBIBYTE);
        });
        assertThat(body.int32()).isZero();
        body.fixed(4 + 84 + 8);
        assertThat(body.opaque(MEBIBYTE)).isEqualTo(MEBIBYTE);
        body.buffer().get(body.data(), back);
        assertThat(back).isEqualTo(data);
    }

    /** The machine that does harm loses its own connections; one that is idle keeps its. */
    @Test
    void anIdleMachineStaysConnected() throws Exception {
        List<SocketChannel> channels = new ArrayList<>();
        try (ServerProcess server = new ServerProcess(tree, work.resolve("log"), "here");
                RawClient idle = new RawClient(server.port(), "127.0.0.98")) {
            byte[] root = idle.mount(tree.toString());
            try {
                for (int i = 0; i < 1000; i++) {
                    channels.add(connect(server.port(), "127.0.0.66"));
                }
                Thread.sleep(300);
                assertThat(server.descriptors()).as("descriptors").isLessThan(500);
                assertThat(idle.getattrStatus(root)).isZero();
                try (RawClient same = new RawClient(server.port(), "127.0.0.66")) {
                    assertThat(same.getattrStatus(root))
                            .as("nobody is locked out")
                            .isZero();
                }
            } finally {
                for (SocketChannel channel : channels) {
                    channel.close();
                }
            }
            assertThat(server.said("refused /127.0.0.66")).as("said once").hasSize(1);
            assertThat(server.said("refused").get(0)).contains("one address may have 256 connections");
        }
    }

    /** With few descriptors there are few connections; and some descriptors are left for files. */
    @Test
    void fewDescriptorsAreEnough() throws Exception {
        Needs.programs("prlimit");
        List<SocketChannel> channels = new ArrayList<>();
        try (ServerProcess server =
                new ServerProcess(tree, work.resolve("log"), "here", "prlimit", "--nofile=1024:1024")) {
            for (int i = 0; i < 900; i++) {
                channels.add(connect(server.port(), "127.0.1." + (1 + i % ADDRESSES)));
            }
            try (RawClient worker = new RawClient(server.port(), "127.0.0.98")) {
                byte[] root = worker.mount(tree.toString());
                work(worker, root, 1);
            }
            assertThat(server.said("failed")).isEmpty();
        } finally {
            for (SocketChannel channel : channels) {
                channel.close();
            }
        }
    }
}
