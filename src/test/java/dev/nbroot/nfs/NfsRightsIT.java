package dev.nbroot.nfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.nbroot.it.Needs;
import dev.nbroot.nfs.export.Changes;
import dev.nbroot.nfs.export.Decision;
import dev.nbroot.nfs.export.Export;
import dev.nbroot.nfs.export.ExportPolicy;
import dev.nbroot.nfs.export.NfsListener;
import dev.nbroot.nfs.export.Squash;
import dev.nbroot.nfs.xdr.XdrOut;
import dev.nbroot.system.linux.LinuxPosixFiles;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One tree and one handle, and clients that may do different things with it: each connection gets its own rights. */
class NfsRightsIT implements ExportPolicy, NfsListener {
    private static final int ACCES = 13;
    private static final int ROFS = 30;
    private static final int STALE = 70;

    @TempDir
    Path work;

    private final Map<Integer, UnaryOperator<Export>> rights = new ConcurrentHashMap<>();
    private final List<Throwable> errors = new CopyOnWriteArrayList<>();
    private volatile UnaryOperator<Export> ofTheNext = UnaryOperator.identity();
    private volatile boolean broken;
    private volatile boolean exported = true;
    private Path tree;
    private Export export;
    private NfsServer server;
    private byte[] root;

    @BeforeEach
    void start() throws IOException {
        Needs.root();
        Files.setPosixFilePermissions(work, PosixFilePermissions.fromString("rwxr-xr-x"));
        tree = Files.createDirectory(work.resolve("tree"));
        Files.setPosixFilePermissions(tree, PosixFilePermissions.fromString("rwxrwxrwx"));
        Files.writeString(tree.resolve("secret"), "hello");
        Files.setPosixFilePermissions(tree.resolve("secret"), PosixFilePermissions.fromString("rw-------"));
        export = new Export("/e", Export.idOf("/e"), () -> tree, true, Squash.NONE, Changes.HERE_ONLY);
        NfsSettings settings = NfsSettings.usual(InetAddress.getLoopbackAddress(), new byte[16])
                .withPorts(0, 0, -1);
        server = new NfsServer(settings, new LinuxPosixFiles(), this, this);
        server.start();
        try (RawClient client = client(UnaryOperator.identity())) {
            root = client.mount("/e");
        }
    }

    @AfterEach
    void stop() {
        if (server != null) {
            server.close();
        }
    }

    private RawClient client(UnaryOperator<Export> itsRights) throws IOException {
        ofTheNext = itsRights;
        return new RawClient(server.nfsPort());
    }

    @Override
    public Decision decide(InetSocketAddress caller, String path) {
        return new Decision.Granted(seenBy(caller, export));
    }

    @Override
    public Optional<Export> find(long id) {
        return exported ? Optional.of(export) : Optional.empty();
    }

    @Override
    public Optional<String> objection(InetSocketAddress caller, Export asked) {
        if (broken) {
            throw new IllegalStateException("the policy is broken");
        }
        return Optional.empty();
    }

    @Override
    public Export seenBy(InetSocketAddress caller, Export asked) {
        return rights.computeIfAbsent(caller.getPort(), port -> ofTheNext).apply(asked);
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
    public void refused(InetSocketAddress who, String what, String path, String reason) {}

    @Override
    public void failed(String doing, Throwable cause) {
        errors.add(cause);
    }

    private int create(RawClient client, String name) throws IOException {
        return client.nfs(8, out -> {
                    out.opaque(root);
                    out.text(name);
                    out.int32(0);
                    out.int32(1);
                    out.int32(0644);
                    noMore(out);
                })
                .int32();
    }

    private static void noMore(XdrOut out) {
        for (int i = 0; i < 5; i++) {
            out.int32(0);
        }
    }

    private int read(RawClient client) throws IOException {
        byte[] secret = client.lookup(root, "secret");
        return client.nfs(6, out -> {
                    out.opaque(secret);
                    out.int64(0);
                    out.int32(100);
                })
                .int32();
    }

    private int access(RawClient client) throws IOException {
        var body = client.nfs(4, out -> {
            out.opaque(root);
            out.int32(0x3f);
        });
        assertThat(body.int32()).isZero();
        body.fixed(4 + 84);
        return body.int32();
    }

    private String owner(String name) throws IOException {
        Path file = tree.resolve(name);
        return Files.getAttribute(file, "unix:uid") + ":" + Files.getAttribute(file, "unix:gid");
    }

    @Test
    void oneHandleWorksForEachAsItMay() throws IOException {
        Squash someone = new Squash(Squash.Whose.EVERYBODY, 1000, 1001);
        try (RawClient owner = client(UnaryOperator.identity())) {
            assertThat(create(owner, "owners")).isZero();
            try (RawClient reader = client(e -> e.as(false, Squash.ROOT))) {
                assertThat(access(reader)).as("READ and LOOKUP").isEqualTo(0x3);
                assertThat(access(owner))
                        .as("the other's answer is not remembered for it")
                        .isEqualTo(0x1f);
                assertThat(access(reader)).isEqualTo(0x3);
                assertThat(create(reader, "readers")).isEqualTo(ROFS);
                assertThat(read(reader)).as("root's file, squashed").isEqualTo(ACCES);
                assertThat(read(owner)).isZero();
                assertThat(read(reader)).isEqualTo(ACCES);
            }
            try (RawClient third = client(e -> e.as(true, someone))) {
                assertThat(create(third, "someones")).isZero();
                third.as(77, 77);
                assertThat(create(third, "also")).isZero();
            }
            assertThat(create(owner, "again")).isZero();
        }
        assertThat(owner("owners")).isEqualTo("0:0");
        assertThat(owner("someones")).isEqualTo("1000:1001");
        assertThat(owner("also")).isEqualTo("1000:1001");
        assertThat(tree.resolve("readers")).doesNotExist();
        assertThat(errors).isEmpty();
    }

    @Test
    void aPolicyThatFailsLetsNobodyIn() throws IOException {
        broken = true;
        try (RawClient client = client(UnaryOperator.identity())) {
            for (int i = 0; i < 3; i++) {
                assertThatExceptionOfType(IOException.class)
                        .isThrownBy(() -> client.getattrStatus(root))
                        .withMessageContaining("not accepted");
            }
            broken = false;
            assertThat(client.getattrStatus(root)).isZero();
        }
        assertThat(errors).hasSize(3);
    }

    @Test
    void anExportThatIsGoneIsStale() throws IOException {
        exported = false;
        try (RawClient client = client(UnaryOperator.identity())) {
            assertThat(client.getattrStatus(root)).isEqualTo(STALE);
        }
        assertThat(errors).isEmpty();
    }
}
