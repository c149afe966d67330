package dev.nbroot.nfs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nbroot.it.Needs;
import dev.nbroot.nfs.export.Changes;
import dev.nbroot.nfs.export.Export;
import dev.nbroot.nfs.export.Squash;
import dev.nbroot.nfs.xdr.XdrIn;
import dev.nbroot.nfs.xdr.XdrOut;
import dev.nbroot.system.Overlays;
import dev.nbroot.system.TreeRemoval;
import dev.nbroot.system.linux.LinuxOverlays;
import dev.nbroot.system.linux.LinuxPosixFiles;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What one connection removes is gone for all, on whatever loop they are, and its space is free. */
class RemovedFilesIT {
    /** Not /tmp: that may be a tmpfs, which cannot be what a state directory is on. */
    private static final Path DISK = Path.of("/var/tmp");

    private static final int STALE = 70;
    private static final int REMOVE = 12;
    private static final int RMDIR = 13;
    private static final int RENAME = 14;
    private static final int PATIENCE_SECONDS = 15;

    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private final List<RawClient> clients = new ArrayList<>();
    private final List<byte[]> roots = new ArrayList<>();
    private Path top;
    private Overlays.View view;
    private NfsServer server;

    private void serve(String kind) throws IOException {
        Needs.root();
        top = Files.createTempDirectory(DISK, "nbroot-removed-");
        Path lower = Files.createDirectories(top.resolve("lower"));
        Files.createDirectory(lower.resolve("directory"));
        Files.writeString(lower.resolve("file"), "contents");
        Files.writeString(lower.resolve("other"), "other");
        Files.writeString(lower.resolve("twin"), "twin");
        Files.createLink(lower.resolve("twin2"), lower.resolve("twin"));
        Path tree = lower;
        if (kind.equals("view")) {
            view = new LinuxOverlays()
                    .open(
                            List.of(lower),
                            Files.createDirectory(top.resolve("upper")),
                            Files.createDirectory(top.resolve("work")));
            tree = view.path();
        }
        Path exported = tree;
        Export export = new Export("/e", Export.idOf("/e"), () -> exported, true, Squash.NONE, Changes.HERE_ONLY);
        NfsSettings settings = NfsSettings.usual(InetAddress.getLoopbackAddress(), new byte[16])
                .withPorts(0, 0, -1);
        PrintStream to = new PrintStream(said, true, StandardCharsets.UTF_8);
        server = new NfsServer(
                settings, new LinuxPosixFiles(), ServeDirectory.policy(export), ServeDirectory.listener(to));
        server.start();
        // More than one for each loop, as connections go to the loops in turns.
        for (int i = 0; i < 2 * Runtime.getRuntime().availableProcessors() + 1; i++) {
            clients.add(new RawClient(server.nfsPort()).as(0, 0, 0));
            roots.add(clients.get(i).mount("/e"));
        }
    }

    @AfterEach
    void stop() throws IOException {
        for (RawClient client : clients) {
            client.close();
        }
        if (server != null) {
            server.close();
        }
        if (view != null) {
            view.close();
        }
        if (top != null) {
            TreeRemoval.remove(top);
        }
        assertThat(said.toString(StandardCharsets.UTF_8)).doesNotContain("failed");
    }

    private static Consumer<XdrOut> name(byte[] directory, String name) {
        return out -> {
            out.opaque(directory);
            out.text(name);
        };
    }

    private int change(int procedure, String name) throws IOException {
        return clients.get(0).nfs(procedure, name(roots.get(0), name)).int32();
    }

    /** {@return the handle of a name, which every loop has open from now on} */
    private byte[] openEverywhere(String name, boolean read) throws IOException {
        byte[] handle = clients.get(0).lookup(roots.get(0), name);
        for (RawClient client : clients) {
            assertThat(read ? read(client, handle) : client.getattrStatus(handle))
                    .isZero();
        }
        return handle;
    }

    private static int read(RawClient client, byte[] handle) throws IOException {
        XdrIn reply = client.nfs(6, out -> {
            out.opaque(handle);
            out.int64(0);
            out.int32(100);
        });
        return reply.int32();
    }

    @ParameterizedTest
    @ValueSource(strings = {"directory", "view"})
    void nobodyReadsWhatAnotherRemoved(String kind) throws IOException {
        serve(kind);
        byte[] file = openEverywhere("file", true);

        assertThat(change(REMOVE, "file")).isZero();

        for (RawClient client : clients) {
            assertThat(read(client, file)).isEqualTo(STALE);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"directory", "view"})
    void nobodyReadsWhatAnotherReplaced(String kind) throws IOException {
        serve(kind);
        byte[] file = openEverywhere("file", true);
        byte[] other = openEverywhere("other", true);

        int status = clients.get(0)
                .nfs(RENAME, name(roots.get(0), "other").andThen(name(roots.get(0), "file")))
                .int32();

        assertThat(status).isZero();
        for (RawClient client : clients) {
            assertThat(read(client, file)).isEqualTo(STALE);
            assertThat(read(client, other)).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"directory", "view"})
    void aRemovedDirectoryIsGoneForAll(String kind) throws IOException {
        serve(kind);
        byte[] directory = openEverywhere("directory", false);

        assertThat(change(RMDIR, "directory")).isZero();

        for (RawClient client : clients) {
            assertThat(client.getattrStatus(directory)).isEqualTo(STALE);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"directory", "view"})
    void whatHasAnotherNameStays(String kind) throws IOException {
        serve(kind);
        byte[] twin = openEverywhere("twin", true);

        assertThat(change(REMOVE, "twin")).isZero();

        for (RawClient client : clients) {
            assertThat(read(client, twin)).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"directory", "view"})
    void theSpaceOfWhatWasRemovedIsFreeSoonAlsoWhenNobodyCalls(String kind) throws Exception {
        serve(kind);
        openEverywhere("file", true);

        assertThat(change(REMOVE, "file")).isZero();

        // Idle nodes would be closed anyway, but later.
        for (int i = 0; i < PATIENCE_SECONDS * 10 && !deleted().isEmpty(); i++) {
            Thread.sleep(100);
        }
        assertThat(deleted()).isEmpty();
    }

    /** {@return what this process has open of removed files that were ours} */
    private List<String> deleted() throws IOException {
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
            return descriptors
                    .map(RemovedFilesIT::target)
                    .filter(target -> target.contains("file") && target.endsWith(" (deleted)"))
                    .toList();
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
