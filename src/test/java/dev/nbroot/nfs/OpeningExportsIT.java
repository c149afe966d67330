package dev.nbroot.nfs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nbroot.it.Needs;
import dev.nbroot.nfs.export.Decision;
import dev.nbroot.nfs.export.Export;
import dev.nbroot.nfs.export.ExportPolicy;
import dev.nbroot.nfs.xdr.XdrIn;
import dev.nbroot.system.linux.LinuxPosixFiles;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Exports that take long to open, or cannot be opened, with one loop for all. */
@Timeout(60)
class OpeningExportsIT {
    private static final int ACCES = 13;
    private static final int JUKEBOX = 10008;

    @TempDir
    Path work;

    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch opens = new CountDownLatch(1);
    private final AtomicInteger openings = new AtomicInteger();
    private final AtomicInteger failures = new AtomicInteger();

    private final Export quick = Export.writable("/quick", () -> work);
    private final Export slow = Export.writable("/slow", this::open);

    @BeforeEach
    void tree() throws IOException {
        Needs.root();
        Files.writeString(work.resolve("file"), "text");
    }

    private Path open() throws IOException {
        openings.incrementAndGet();
        asked.countDown();
        try {
            assertThat(opens.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
        if (failures.getAndDecrement() > 0) {
            throw new IOException("a tree that cannot be opened, as is meant here");
        }
        return work;
    }

    private interface Use {
        void of(NfsServer server) throws Exception;
    }

    private void serving(ExportPolicy policy, Use use) throws Exception {
        NfsSettings settings = new NfsSettings(InetAddress.getLoopbackAddress(), 0, 0, -1, 1, 64L << 20, new byte[16]);
        try (NfsServer server =
                new NfsServer(settings, new LinuxPosixFiles(), policy, ServeDirectory.listener(System.err))) {
            server.start();
            use.of(server);
        }
    }

    private static ByteBuffer mount(RawClient client, String path) {
        return client.record(client.nextXid(), RawClient.MOUNT, 1, out -> out.text(path));
    }

    @Test
    void holdUpOnlyWhoAsksForThem() throws Exception {
        serving(ServeDirectory.policy(quick, slow), server -> {
            try (RawClient waiting = new RawClient(server.nfsPort());
                    RawClient alsoWaiting = new RawClient(server.nfsPort());
                    RawClient other = new RawClient(server.nfsPort())) {
                waiting.send(mount(waiting, "/slow"));
                alsoWaiting.send(mount(alsoWaiting, "/slow"));
                assertThat(asked.await(20, TimeUnit.SECONDS)).isTrue();
                byte[] root = other.mount("/quick");
                assertThat(other.getattrStatus(other.lookup(root, "file"))).isZero();
                opens.countDown();
                for (RawClient client : List.of(waiting, alsoWaiting)) {
                    XdrIn body = RawClient.body(client.receive());
                    assertThat(body.int32()).isZero();
                    assertThat(client.getattrStatus(RawClient.opaque(body))).isZero();
                }
                assertThat(openings).as("opened once for all").hasValue(1);
            }
        });
    }

    @Test
    void sayWhatIsAmissAndAreTriedAgain() throws Exception {
        opens.countDown();
        byte[] handle = handle();
        failures.set(2);
        serving(ServeDirectory.policy(slow), server -> {
            try (RawClient client = new RawClient(server.nfsPort())) {
                assertThat(client.getattrStatus(handle)).isEqualTo(JUKEBOX);
                client.send(mount(client, "/slow"));
                assertThat(RawClient.body(client.receive()).int32()).isEqualTo(5);
                assertThat(client.getattrStatus(handle)).isZero();
            }
        });
    }

    /** {@return a handle of the slow export's root, from before a restart} */
    private byte[] handle() throws Exception {
        byte[][] handle = new byte[1][];
        serving(ServeDirectory.policy(slow), server -> {
            try (RawClient client = new RawClient(server.nfsPort())) {
                handle[0] = client.mount("/slow");
            }
        });
        return handle[0];
    }

    @Test
    void areNotOpenedForWhoMayNotUseThem() throws Exception {
        opens.countDown();
        byte[] handle = handle();
        openings.set(0);
        ExportPolicy everybody = ServeDirectory.policy(slow);
        ExportPolicy nobody = new ExportPolicy() {
            @Override
            public Decision decide(InetSocketAddress caller, String path) {
                return everybody.decide(caller, path);
            }

            @Override
            public Optional<Export> find(long id) {
                return everybody.find(id);
            }

            @Override
            public Optional<String> objection(InetSocketAddress caller, Export export) {
                return caller.getAddress().getHostAddress().equals("127.0.0.2")
                        ? Optional.of("it is none of its business")
                        : Optional.empty();
            }

            @Override
            public List<Export> visible(InetSocketAddress caller) {
                return everybody.visible(caller);
            }
        };
        serving(nobody, server -> {
            try (RawClient refused = new RawClient(server.nfsPort(), "127.0.0.2");
                    RawClient admitted = new RawClient(server.nfsPort())) {
                assertThat(refused.getattrStatus(handle)).isEqualTo(ACCES);
                assertThat(openings).hasValue(0);
                assertThat(admitted.getattrStatus(handle)).isZero();
                assertThat(openings).hasValue(1);
                assertThat(refused.getattrStatus(handle)).isEqualTo(ACCES);
            }
        });
    }

    @Test
    void whoUsesDatagramsWaitsAsWell() throws Exception {
        failures.set(1);
        serving(ServeDirectory.policy(quick, slow), server -> {
            try (RawClient writer = new RawClient(server.nfsPort());
                    DatagramSocket socket = new DatagramSocket()) {
                send(socket, server, mount(writer, "/slow"));
                assertThat(asked.await(20, TimeUnit.SECONDS)).isTrue();
                send(socket, server, mount(writer, "/quick"));
                assertThat(status(socket)).as("another is answered meanwhile").isZero();
                opens.countDown();
                assertThat(status(socket)).as("how the first try ended").isEqualTo(5);
                send(socket, server, mount(writer, "/slow"));
                assertThat(status(socket)).isZero();
                assertThat(openings).hasValue(2);
            }
        });
    }

    private static void send(DatagramSocket socket, NfsServer server, ByteBuffer call) throws IOException {
        socket.send(new DatagramPacket(call.array(), call.limit(), InetAddress.getLoopbackAddress(), server.nfsPort()));
    }

    private static int status(DatagramSocket socket) throws IOException {
        socket.setSoTimeout(10_000);
        DatagramPacket reply = new DatagramPacket(new byte[1000], 1000);
        socket.receive(reply);
        return RawClient.body(Arrays.copyOf(reply.getData(), reply.getLength())).int32();
    }
}
