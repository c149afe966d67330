package dev.nbroot.nfs;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.jna.Pointer;
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
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is on disk only, with one loop for all and a disk that takes as long as it is told. */
@Timeout(60)
class ColdPlacesIT {
    private static final int EAGAIN = 11;
    private static final int SLOW_MILLIS = 20;

    @TempDir
    Path work;

    private final PosixFiles kernel = new LinuxPosixFiles();
    private final Set<String> cold = ConcurrentHashMap.newKeySet();
    private final AtomicLong blocks = new AtomicLong();
    private final CountDownLatch diskIsAsked = new CountDownLatch(1);
    private final CountDownLatch diskAnswers = new CountDownLatch(1);
    private final CountDownLatch bytesAreAsked = new CountDownLatch(1);
    private final CountDownLatch bytesAreThere = new CountDownLatch(1);
    private final AtomicInteger loopWaited = new AtomicInteger();
    private volatile boolean fileIsCold;
    private volatile boolean treeIsCold;
    private volatile boolean listedElsewhere;

    @BeforeEach
    void tree() throws IOException {
        Needs.root();
        for (String name : new String[] {"first", "second", "warm"}) {
            Files.writeString(work.resolve(name), name);
        }
        cold.addAll(Set.of("first", "second", "missing"));
    }

    private Object answer(Object proxy, Method method, Object[] arguments) throws Throwable {
        String name = method.getName();
        if (name.equals("blocksRead")) {
            return blocks.get();
        }
        boolean loop = Thread.currentThread().getName().matches("nfs-[0-9]+");
        if (treeIsCold && name.equals("openByHandle")) {
            if (loop && blocks.get() == 0) {
                loopWaited.incrementAndGet();
                Thread.sleep(SLOW_MILLIS);
                blocks.incrementAndGet();
            } else if (!loop) {
                diskIsAsked.countDown();
                assertThat(diskAnswers.await(20, TimeUnit.SECONDS)).isTrue();
                blocks.incrementAndGet();
            }
        }
        listedElsewhere |= name.equals("getdents") && !loop;
        boolean byName = name.equals("handleAt") || name.equals("openCached") || name.equals("statxAt");
        String what = byName ? new Pointer((long) arguments[1]).getString(0) : "";
        if (byName && cold.contains(what)) {
            if (name.equals("openCached")) {
                return -EAGAIN;
            }
            if (loop && treeIsCold) {
                loopWaited.incrementAndGet();
            }
            if (name.equals("statxAt")) {
                assertThat(Thread.currentThread().getName()).startsWith("nfs-find");
                diskIsAsked.countDown();
                assertThat(diskAnswers.await(20, TimeUnit.SECONDS)).isTrue();
            }
            Thread.sleep(SLOW_MILLIS);
            cold.remove(what);
            blocks.incrementAndGet();
        }
        if (name.equals("preadCached") && fileIsCold) {
            return (long) -EAGAIN;
        }
        if (name.equals("pread") && fileIsCold) {
            bytesAreAsked.countDown();
            assertThat(bytesAreThere.await(20, TimeUnit.SECONDS)).isTrue();
        }
        try {
            return method.invoke(kernel, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private interface Use {
        void of(NfsServer server, byte[] root) throws Exception;
    }

    private void serving(Use use) throws Exception {
        PosixFiles slow = (PosixFiles)
                Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {PosixFiles.class}, this::answer);
        Export export = Export.writable("/e", () -> work);
        NfsSettings settings = new NfsSettings(InetAddress.getLoopbackAddress(), 0, 0, -1, 1, 64L << 20, new byte[16]);
        try (NfsServer server =
                new NfsServer(settings, slow, ServeDirectory.policy(export), ServeDirectory.listener(System.err))) {
            server.start();
            try (RawClient client = new RawClient(server.nfsPort())) {
                use.of(server, client.mount("/e"));
            }
        }
    }

    private static ByteBuffer lookup(RawClient client, byte[] directory, String name) {
        return client.record(client.nextXid(), RawClient.NFS, 3, out -> {
            out.opaque(directory);
            out.text(name);
        });
    }

    private static ByteBuffer getattr(RawClient client, byte[] handle) {
        return client.record(client.nextXid(), RawClient.NFS, 1, out -> out.opaque(handle));
    }

    @Test
    void namesHoldUpOnlyWhoAsksForThem() throws Exception {
        serving((server, root) -> {
            try (RawClient asking = new RawClient(server.nfsPort());
                    RawClient other = new RawClient(server.nfsPort())) {
                assertThat(asking.lookup(root, "first"))
                        .as("the one that is waited for")
                        .hasSizeGreaterThan(1);
                asking.send(lookup(asking, root, "second"));
                asking.send(getattr(asking, root));
                assertThat(diskIsAsked.await(20, TimeUnit.SECONDS)).isTrue();
                assertThat(other.getattrStatus(root)).isZero();
                assertThat(other.lookup(root, "warm")).hasSizeGreaterThan(1);
                diskAnswers.countDown();
                XdrIn found = RawClient.body(asking.receive());
                assertThat(found.int32()).isZero();
                assertThat(RawClient.opaque(found)).isEqualTo(other.lookup(root, "second"));
                assertThat(RawClient.body(asking.receive()).int32()).isZero();
                assertThat(asking.lookup(root, "missing")).containsExactly(2);
            }
        });
    }

    @Test
    void namesDoNotWaitForTheBytesThatOthersWant() throws Exception {
        diskAnswers.countDown();
        serving((server, root) -> {
            try (RawClient greedy = new RawClient(server.nfsPort());
                    RawClient other = new RawClient(server.nfsPort())) {
                byte[] file = greedy.lookup(root, "warm");
                assertThat(other.lookup(root, "first")).hasSizeGreaterThan(1);
                fileIsCold = true;
                for (int i = 0; i < 20; i++) {
                    greedy.send(greedy.record(greedy.nextXid(), RawClient.NFS, 6, out -> {
                        out.opaque(file);
                        out.int64(0);
                        out.int32(4);
                    }));
                }
                assertThat(bytesAreAsked.await(20, TimeUnit.SECONDS)).isTrue();
                assertThat(other.lookup(root, "second")).hasSizeGreaterThan(1);
                assertThat(diskIsAsked.getCount()).as("it was on disk").isZero();
                bytesAreThere.countDown();
                for (int i = 0; i < 20; i++) {
                    assertThat(RawClient.body(greedy.receive()).int32()).isZero();
                }
            }
        });
    }

    /** As after a restart of the server, when the clients go on with their handles. */
    @Test
    void handlesAndDirectoriesHoldUpOnlyWhoAsksForThem() throws Exception {
        serving((server, root) -> {
            try (RawClient asking = new RawClient(server.nfsPort());
                    RawClient other = new RawClient(server.nfsPort())) {
                byte[] file = asking.lookup(root, "warm");
                server.release(Export.idOf("/e"));
                treeIsCold = true;
                assertThat(other.getattrStatus(root))
                        .as("the one that is waited for")
                        .isZero();
                int waitedOnLoop = loopWaited.get();
                assertThat(waitedOnLoop).isPositive();
                asking.send(getattr(asking, file));
                assertThat(diskIsAsked.await(20, TimeUnit.SECONDS)).isTrue();
                assertThat(other.getattrStatus(root)).isZero();
                diskAnswers.countDown();
                assertThat(RawClient.body(asking.receive()).int32()).isZero();
                cold.addAll(Set.of("first", "second", "warm", ".", ".."));
                XdrIn listed = asking.nfs(17, out -> {
                    out.opaque(root);
                    out.int64(0);
                    out.int64(0);
                    out.int32(4000);
                    out.int32(32_000);
                });
                assertThat(listed.int32()).isZero();
                assertThat(listed.remaining()).isGreaterThan(5 * 100);
                assertThat(listedElsewhere).isTrue();
                assertThat(loopWaited).hasValue(waitedOnLoop);
            }
        });
    }

    @Test
    void whoGoesAwayMeanwhileIsForgotten() throws Exception {
        serving((server, root) -> {
            try (RawClient other = new RawClient(server.nfsPort())) {
                try (RawClient asking = new RawClient(server.nfsPort())) {
                    assertThat(asking.lookup(root, "first")).hasSizeGreaterThan(1);
                    asking.send(lookup(asking, root, "second"));
                    assertThat(diskIsAsked.await(20, TimeUnit.SECONDS)).isTrue();
                }
                assertThat(other.getattrStatus(root)).isZero();
                diskAnswers.countDown();
                assertThat(other.lookup(root, "second")).hasSizeGreaterThan(1);
            }
        });
    }
}
