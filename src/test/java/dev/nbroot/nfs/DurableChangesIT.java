package dev.nbroot.nfs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nbroot.it.Needs;
import dev.nbroot.nfs.export.Export;
import dev.nbroot.nfs.xdr.XdrIn;
import dev.nbroot.system.PosixFiles;
import dev.nbroot.system.linux.LinuxPosixFiles;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Changes of names and attributes that are on disk before they are answered. */
@Timeout(60)
class DurableChangesIT {
    private static final NfsSession.Set NOTHING = NfsSession.Set.nothing();
    private static final NfsSession.Set MODE = new NfsSession.Set(0700, null, null, null, null);
    private static final NfsSession.Set TIMES = new NfsSession.Set(null, null, null, null, 1_000_000L);
    private static final int EIO = 5;

    @TempDir
    Path work;

    private final PosixFiles kernel = new LinuxPosixFiles();
    private final List<String> synced = new CopyOnWriteArrayList<>();
    private final CountDownLatch diskIsAsked = new CountDownLatch(1);
    private volatile CountDownLatch diskAnswers = new CountDownLatch(0);
    private volatile boolean broken;

    @BeforeEach
    void root() {
        Needs.root();
    }

    private Object answer(Object proxy, Method method, Object[] arguments) throws Throwable {
        boolean sync = method.getName().equals("fsync") || method.getName().equals("syncFileSystem");
        if (sync) {
            assertThat(Thread.currentThread().getName()).startsWith("nfs-sync");
            diskIsAsked.countDown();
            assertThat(diskAnswers.await(20, TimeUnit.SECONDS)).isTrue();
            synced.add(
                    method.getName().equals("fsync")
                            ? name(Path.of("/proc/self/fd/" + arguments[0]).toRealPath())
                            : "all");
            if (broken) {
                return -EIO;
            }
        }
        try {
            return method.invoke(kernel, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private String name(Path file) throws IOException {
        Path tree = work.toRealPath();
        return file.equals(tree) ? "/" : tree.relativize(file).toString();
    }

    private interface Use {
        void of(NfsServer server, NfsSession session, byte[] root) throws Exception;
    }

    private void serving(Use use) throws Exception {
        PosixFiles watched = (PosixFiles)
                Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {PosixFiles.class}, this::answer);
        Export export = Export.writable("/e", () -> work).onDisk();
        NfsSettings settings = new NfsSettings(InetAddress.getLoopbackAddress(), 0, 0, -1, 1, 64L << 20, new byte[16]);
        try (NfsServer server =
                new NfsServer(settings, watched, ServeDirectory.policy(export), ServeDirectory.listener(System.err))) {
            server.start();
            try (NfsSession session = new NfsSession(server.nfsPort(), new Random(3))) {
                use.of(server, session, session.mount("/e"));
            }
        }
    }

    private void syncs(int status, String... wanted) {
        assertThat(status).isZero();
        assertThat(synced).containsExactlyInAnyOrder(wanted);
        synced.clear();
    }

    @Test
    void eachChangeSyncsWhatItChanged() throws Exception {
        serving((server, session, root) -> {
            syncs(session.mkdir(root, "d", MODE), "/", "d");
            byte[] directory = (byte[]) session.lookup(root, "d");
            syncs(session.create(directory, "f", 1, MODE, 0), "d", "d/f");
            syncs(session.create(directory, "x", 2, NOTHING, 77), "d", "d/x");
            byte[] file = (byte[]) session.lookup(directory, "f");
            syncs(session.setattr(file, MODE, null), "d/f");
            syncs(session.link(file, root, "hard"), "/", "d/f");
            syncs(session.symlink(root, "link", "target"), "/", "all");
            syncs(session.setattr((byte[]) session.lookup(root, "link"), TIMES, null), "all");
            syncs(session.mknod(root, "fifo", 7, MODE, 0, 0), "/", "all");
            syncs(session.rename(directory, "f", root, "moved"), "/", "d");
            syncs(session.rename(root, "moved", root, "again"), "/");
            syncs(session.remove(root, "again", false), "/");
            assertThat(session.remove(root, "d", true)).as("not empty").isEqualTo(66);
            assertThat(synced).as("nothing changed").isEmpty();
            syncs(session.remove(directory, "x", false), "d");
            syncs(session.remove(root, "d", true), "/");
            syncs(session.write((byte[]) session.lookup(root, "hard"), 0, new byte[10], 0));
            assertThat(session.duplicates()).as("calls that were sent twice").isPositive();
        });
    }

    private static ByteBuffer mkdir(RawClient client, byte[] root) {
        return client.record(client.nextXid(), RawClient.NFS, 9, out -> {
            out.opaque(root);
            out.text("new");
            MODE.write(out);
        });
    }

    @Test
    void isNotAnsweredBeforeAndDoneOnceWhenItIsRepeated() throws Exception {
        diskAnswers = new CountDownLatch(1);
        serving((server, session, root) -> {
            try (RawClient first = new RawClient(server.nfsPort());
                    RawClient second = new RawClient(server.nfsPort())) {
                ByteBuffer call = mkdir(first, root);
                first.send(call);
                assertThat(diskIsAsked.await(20, TimeUnit.SECONDS)).isTrue();
                // The repetition is under way already; what comes behind it is answered, and it is not.
                second.send(call);
                assertThat(second.getattrStatus(root)).isZero();
                assertThat(Files.isDirectory(work.resolve("new"))).isTrue();
                diskAnswers.countDown();
                byte[] reply = first.receive();
                assertThat(RawClient.body(reply).int32()).isZero();
                second.send(call);
                assertThat(second.receive()).isEqualTo(reply);
            }
        });
    }

    @Test
    void isAnErrorWhenTheDiskFails() throws Exception {
        broken = true;
        serving((server, session, root) -> {
            try (RawClient client = new RawClient(server.nfsPort())) {
                client.send(mkdir(client, root));
                XdrIn body = RawClient.body(client.receive());
                assertThat(body.int32()).isEqualTo(EIO);
                assertThat(body.bool()).isFalse();
                assertThat(body.bool()).isFalse();
                assertThat(body.remaining()).isZero();
            }
            assertThat(session.remove(root, "new", true)).isEqualTo(EIO);
            Files.createFile(work.resolve("a"));
            byte[] file = (byte[]) session.lookup(root, "a");
            assertThat(session.link(file, root, "b")).isEqualTo(EIO);
            assertThat(session.rename(root, "a", root, "c")).isEqualTo(EIO);
        });
    }
}
