package dev.nbroot.nfs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nbroot.it.Needs;
import dev.nbroot.it.Thorough;
import dev.nbroot.nfs.NfsSession.Attributes;
import dev.nbroot.nfs.NfsSession.Refused;
import dev.nbroot.nfs.export.Changes;
import dev.nbroot.nfs.export.Export;
import dev.nbroot.nfs.export.Squash;
import dev.nbroot.nfs.xdr.XdrIn;
import dev.nbroot.system.linux.LinuxPosixFiles;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What RFC 1813 and POSIX promise in the corners, on several connections at once. */
class NfsExactIT {
    private static final int STALE = 70;
    private static final int PERM = 1;
    private static final int ACCES = 13;
    private static final int FBIG = 27;
    private static final NfsSession.Set NOTHING = NfsSession.Set.nothing();

    @TempDir
    Path work;

    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private Path tree;
    private NfsServer server;
    private NfsSession session;
    private byte[] root;

    @BeforeEach
    void start() throws IOException {
        Needs.root();
        Files.setPosixFilePermissions(work, PosixFilePermissions.fromString("rwxr-xr-x"));
        tree = Files.createDirectory(work.resolve("tree"));
        Files.setPosixFilePermissions(tree, PosixFilePermissions.fromString("rwxrwxrwx"));
        serve();
        session = new NfsSession(server.nfsPort(), new Random(7));
        root = session.mount("/e");
    }

    private void serve() throws IOException {
        Export export = new Export("/e", Export.idOf("/e"), () -> tree, true, Squash.NONE, Changes.HERE_ONLY);
        NfsSettings settings = NfsSettings.usual(InetAddress.getLoopbackAddress(), new byte[16])
                .withPorts(0, 0, -1);
        PrintStream to = new PrintStream(said, true, StandardCharsets.UTF_8);
        server = new NfsServer(
                settings, new LinuxPosixFiles(), ServeDirectory.policy(export), ServeDirectory.listener(to));
        server.start();
    }

    @AfterEach
    void stop() throws IOException {
        if (server != null) {
            session.close();
            server.close();
            assertThat(said.toString(StandardCharsets.UTF_8)).doesNotContain("failed");
        }
    }

    private void restart() throws IOException {
        server.close();
        serve();
        session.connect(server.nfsPort());
    }

    private byte[] find(String name) throws IOException {
        Object found = session.lookup(root, name);
        assertThat(found).as(name).isInstanceOf(byte[].class);
        return (byte[]) found;
    }

    private byte[] make(String name, int mode) throws IOException {
        NfsSession.Set set = new NfsSession.Set(mode, null, null, null, null);
        assertThat(session.create(root, name, 1, set, 0)).isZero();
        return find(name);
    }

    private int mode(byte[] handle) throws IOException {
        return ((Attributes) session.attributes(handle)).facts().mode();
    }

    @Test
    void aHandleSurvivesRenameAndRestart() throws IOException {
        byte[] file = make("file", 0644);
        assertThat(session.mkdir(root, "d", NOTHING)).isZero();
        byte[] directory = find("d");
        assertThat(session.rename(root, "file", directory, "other")).isZero();
        assertThat(session.attributes(file)).isInstanceOf(Attributes.class);
        assertThat(session.lookup(directory, "other")).isEqualTo(file);
        restart();
        assertThat(session.write(file, 0, new byte[] {1}, 2)).isZero();
        assertThat(session.lookup(directory, "other")).isEqualTo(file);
    }

    /** The file system uses the inode again at once; the generation in the handle tells the files apart. */
    @Test
    void anotherFileWithTheSameInodeIsStale() throws IOException {
        byte[] first = make("a", 0644);
        long inode = ((Attributes) session.attributes(first)).fileId();
        assertThat(session.remove(root, "a", false)).isZero();
        boolean again = false;
        for (int i = 0; i < 50 && !again; i++) {
            byte[] next = make("b" + i, 0644);
            again = ((Attributes) session.attributes(next)).fileId() == inode;
            assertThat(next).isNotEqualTo(first);
        }
        restart();
        assertThat(session.attributes(first)).as("inode used again: %s", again).isEqualTo(new Refused(STALE));
        assertThat(session.write(first, 0, new byte[1], 0)).isEqualTo(STALE);
    }

    @Test
    void whatWasMovedOutLeadsNowhere() throws IOException {
        Files.createDirectories(tree.resolve("d/below"));
        Files.createDirectory(work.resolve("outside"));
        byte[] directory = find("d");
        byte[] below = (byte[]) session.lookup(directory, "below");
        assertThat(session.lookup(below, "..")).isEqualTo(directory);
        assertThat(session.lookup(directory, "..")).isEqualTo(root);
        Files.move(tree.resolve("d"), work.resolve("outside/d"));
        assertThat(session.lookup(directory, "..")).isEqualTo(new Refused(STALE));
        assertThat(session.lookup(below, "..")).isEqualTo(new Refused(STALE));
        restart();
        assertThat(session.lookup(directory, "..")).isEqualTo(new Refused(STALE));
    }

    @Test
    void setIdBitsGoWhenAnotherWritesOrOwns() throws IOException {
        byte[] file = make("program", 06777);
        session.become(1000, 1000);
        assertThat(session.write(file, 0, new byte[] {1}, 0)).isZero();
        assertThat(mode(file)).isEqualTo(0777);
        session.become(0, 0);
        byte[] cut = make("cut", 06777);
        session.become(1000, 1000);
        assertThat(session.setattr(cut, new NfsSession.Set(null, null, null, 0L, null), null))
                .isZero();
        assertThat(mode(cut)).isEqualTo(0777);
        session.become(0, 0);
        byte[] given = make("given", 06755);
        assertThat(session.setattr(given, new NfsSession.Set(null, 1000, null, null, null), null))
                .isZero();
        assertThat(mode(given)).isEqualTo(0755);
        assertThat(session.setattr(given, new NfsSession.Set(06755, 1001, null, null, null), null))
                .isZero();
        assertThat(mode(given)).as("owner and mode in one call").isEqualTo(06755);
        session.become(1000, 1000);
        assertThat(session.setattr(given, new NfsSession.Set(null, 1000, null, null, null), null))
                .isEqualTo(PERM);
    }

    @Test
    void aStickyDirectoryKeepsWhatIsOthers() throws IOException {
        assertThat(session.mkdir(root, "tmp", new NfsSession.Set(01777, null, null, null, null)))
                .isZero();
        byte[] tmp = find("tmp");
        assertThat(mode(tmp)).isEqualTo(01777);
        session.become(1000, 1000);
        assertThat(session.create(tmp, "mine", 1, NOTHING, 0)).isZero();
        session.become(1001, 1001);
        assertThat(session.remove(tmp, "mine", false)).isEqualTo(PERM);
        assertThat(session.rename(tmp, "mine", tmp, "yours")).isEqualTo(PERM);
        session.become(1000, 1000);
        assertThat(session.remove(tmp, "mine", false)).isZero();
    }

    @Test
    void aMemberOfManyGroupsMayWhatTheyMay() throws IOException {
        byte[] file = make("shared", 0660);
        assertThat(session.setattr(file, new NfsSession.Set(null, 0, 2015, null, null), null))
                .isZero();
        int[] groups = new int[16];
        for (int i = 0; i < 16; i++) {
            groups[i] = 2000 + i;
        }
        session.become(1000, 1000, groups);
        assertThat(session.write(file, 0, new byte[1], 0)).isZero();
        groups[15] = 2016;
        session.become(1000, 1000, groups);
        assertThat(session.write(file, 0, new byte[1], 0)).isEqualTo(ACCES);
    }

    @Test
    void filesMayBeLargerThanFourGibibytes() throws IOException {
        byte[] file = make("large", 0644);
        long far = (5L << 30) + 3;
        assertThat(session.write(file, far, new byte[] {7, 8}, 2)).isZero();
        assertThat(((Attributes) session.attributes(file)).facts().size()).isEqualTo(far + 2);
        assertThat((byte[]) session.read(file, far - 1, 10)).containsExactly(0, 7, 8);
        assertThat((byte[]) session.read(file, 1L << 32, 4)).containsExactly(0, 0, 0, 0);
        assertThat((byte[]) session.read(file, far + 2, 4)).isEmpty();
        assertThat((byte[]) session.read(file, Long.MAX_VALUE - 5, 4)).isEmpty();
        assertThat((long) Files.getAttribute(tree.resolve("large"), "size")).isEqualTo(far + 2);
        assertThat(session.write(file, Long.MAX_VALUE - 10, new byte[4], 0)).isEqualTo(FBIG);
        assertThat(session.setattr(file, new NfsSession.Set(null, null, null, -1L, null), null))
                .isEqualTo(FBIG);
        assertThat(session.setattr(file, new NfsSession.Set(null, null, null, 1L << 33, null), null))
                .isZero();
        assertThat(((Attributes) session.attributes(file)).facts().size()).isEqualTo(1L << 33);
    }

    @Test
    void longAndOddNames() throws IOException {
        for (String name : List.of("n".repeat(255), "ü".repeat(127), "a b", "-", "\u0001", "...", "\n")) {
            byte[] file = make(name, 0600);
            assertThat(session.rename(root, name, root, "x")).isZero();
            assertThat(session.lookup(root, "x")).isEqualTo(file);
            assertThat(session.rename(root, "x", root, name)).isZero();
            assertThat(session.remove(root, name, false)).isZero();
        }
    }

    @Test
    void whatTheFileSystemIs() throws IOException {
        try (RawClient client = new RawClient(server.nfsPort())) {
            XdrIn stat = client.nfs(18, out -> out.opaque(root));
            assertThat(stat.int32()).isZero();
            stat.fixed(4 + 84);
            var store = Files.getFileStore(tree);
            assertThat(stat.int64()).isEqualTo(store.getTotalSpace());
            assertThat(stat.int64()).isPositive();
            assertThat(stat.int64()).isLessThanOrEqualTo(store.getTotalSpace());
            XdrIn info = client.nfs(19, out -> out.opaque(root));
            assertThat(info.int32()).isZero();
            info.fixed(4 + 84);
            assertThat(info.int32()).isEqualTo(1 << 20);
            info.fixed(6 * 4);
            assertThat(info.int64()).isEqualTo(Long.MAX_VALUE);
            assertThat(info.int64()).as("times are kept to the nanosecond").isEqualTo(1);
            assertThat(info.int32()).isEqualTo(0x1b);
            XdrIn names = client.nfs(20, out -> out.opaque(root));
            assertThat(names.int32()).isZero();
            names.fixed(4 + 84);
            assertThat(names.int32()).isGreaterThan(1000);
            assertThat(names.int32()).isEqualTo(255);
            assertThat(names.int64()).as("no_trunc, chown_restricted").isEqualTo(1L << 32 | 1);
            assertThat(names.int64()).as("case_insensitive, case_preserving").isEqualTo(1);
        }
    }

    @Test
    void behindTheEndOfAnyFileThereIsNothing() throws IOException {
        byte[] file = make("file", 0644);
        assertThat(session.write(file, 0, new byte[100], 0)).isZero();
        long[] offsets = {
            100, 1L << 40, Long.MAX_VALUE - (1 << 20), Long.MAX_VALUE - 1, Long.MAX_VALUE, Long.MIN_VALUE, -1
        };
        for (long offset : offsets) {
            for (int count : new int[] {1, 4096, 1 << 20}) {
                assertThat(session.read(file, offset, count))
                        .as("%d at %x", count, offset)
                        .isEqualTo(new byte[0]);
            }
        }
    }

    @Test
    void aDirectoryIsMadeWhateverSizeItIsToHave() throws IOException {
        NfsSession.Set set = new NfsSession.Set(0750, null, null, 4096L, null);
        assertThat(session.mkdir(root, "d", set)).isZero();
        assertThat(mode(find("d"))).isEqualTo(0750);
    }

    /** Else a client would take for its own what others wrote while the disk was busy, and keep its cached pages. */
    @Test
    void commitShowsOneStateTwice() throws IOException {
        byte[] file = make("file", 0644);
        assertThat(session.write(file, 0, new byte[100], 0)).isZero();
        try (RawClient client = new RawClient(server.nfsPort())) {
            XdrIn body = client.nfs(21, out -> {
                out.opaque(file);
                out.int64(0);
                out.int32(0);
            });
            assertThat(body.int32()).isZero();
            assertThat(body.bool()).isTrue();
            long size = body.int64();
            long modified = body.int64();
            long changed = body.int64();
            assertThat(body.bool()).isTrue();
            body.fixed(20);
            assertThat(body.int64()).isEqualTo(size).isEqualTo(100);
            body.fixed(8 + 8 + 8 + 8 + 8);
            assertThat(body.int64()).isEqualTo(modified);
            assertThat(body.int64()).isEqualTo(changed);
        }
    }

    /** Entries that nobody touches are seen once each, whatever happens to others between the pieces. */
    @Test
    void aChangingDirectoryLosesNothing() throws IOException {
        int count = Thorough.all() ? 100_000 : 5_000;
        Path large = Files.createDirectory(tree.resolve("large"));
        Set<String> kept = new HashSet<>();
        for (int i = 0; i < count; i++) {
            Files.createFile(large.resolve("entry-" + i));
            if (i % 3 != 0) {
                kept.add("entry-" + i);
            }
        }
        byte[] directory = find("large");
        for (boolean plus : new boolean[] {false, true}) {
            Random random = new Random(11);
            int[] turn = {0};
            Object names = session.names(directory, plus, plus ? 32_768 : 16_384, () -> {
                turn[0]++;
                try {
                    for (int i = 0; i < 10; i++) {
                        session.remove(directory, "entry-" + 3 * random.nextInt(count / 3), false);
                        session.create(directory, "new-" + plus + turn[0] + "-" + i, 0, NOTHING, 0);
                    }
                    if (turn[0] == 5) {
                        restart();
                    }
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
            assertThat(names).isInstanceOf(List.class);
            Set<Object> seen = new HashSet<>();
            List<Object> twice = new ArrayList<>();
            for (Object name : (List<?>) names) {
                if (!seen.add(name)) {
                    twice.add(name);
                }
            }
            assertThat(twice).as("seen twice").isEmpty();
            assertThat(seen).contains(".", "..");
            Set<String> lost = new HashSet<>(kept);
            lost.removeAll(seen);
            assertThat(lost).as("lost, with plus %s", plus).isEmpty();
        }
    }
}
