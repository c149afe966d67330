package dev.nbroot.tftp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nbroot.it.Thorough;
import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Hostile packets while an honest client is served: {@code -Dnbroot.fuzz=N} says how many, {@code -Dnbroot.fuzz.seed=N} which.
 */
class TftpFuzzTest {
    private static final int PACKETS = Integer.getInteger("nbroot.fuzz", Thorough.all() ? 1_000_000 : 4_000);
    private static final long SEED = Long.getLong("nbroot.fuzz.seed", 1350);
    private static final int MAX_TRANSFERS = 300;
    private static final Set<String> SERVED = Set.of("", "f", "dir/g");

    @TempDir
    Path work;

    private Path root;
    private final byte[] content = new byte[100_000];
    private final AtomicLong leap = new AtomicLong();
    private final Set<String> served = ConcurrentHashMap.newKeySet();
    private final Set<Throwable> problems = ConcurrentHashMap.newKeySet();

    @BeforeEach
    void tree() throws Exception {
        new Random(1).nextBytes(content);
        root = Files.createDirectories(work.resolve("root"));
        Files.write(root.resolve("f"), content);
        Files.write(Files.createDirectory(root.resolve("dir")).resolve("g"), new byte[3000]);
        Files.write(work.resolve("secret"), TftpAttacker.SECRET);
        Files.write(root.resolve("hidden"), TftpAttacker.SECRET);
        Files.setPosixFilePermissions(root.resolve("hidden"), PosixFilePermissions.fromString("rw-------"));
        Files.createSymbolicLink(root.resolve("out"), work.resolve("secret"));
        Files.createSymbolicLink(root.resolve("outdir"), work);
        assertThat(new ProcessBuilder("mkfifo", root.resolve("fifo").toString())
                        .start()
                        .waitFor())
                .isZero();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void servesAnHonestClientThroughGarbage(boolean singlePort) throws Exception {
        TftpSettings settings = TftpSettings.on(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0))
                .withReplyPorts(singlePort ? ReplyPorts.listening() : ReplyPorts.ephemeral())
                .withLimits(MAX_TRANSFERS, MAX_TRANSFERS / 4);
        Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
        Thread.setDefaultUncaughtExceptionHandler((thread, problem) -> problems.add(problem));
        try (TftpServer server = new TftpServer(
                settings,
                RootFiles.below(root),
                end -> served.add(end.served()),
                TftpSockets.ofTheKernel(),
                () -> System.nanoTime() + leap.get())) {
            server.start();
            long files = openFiles();
            long heap = heap();
            attack(server);
            // Again and again: requests that wait in the socket begin transfers after the first leap.
            await("every transfer given up", () -> {
                leap.addAndGet(Duration.ofHours(1).toNanos());
                return server.openTransfers() == 0;
            });
            assertThat(openFiles()).as("open files").isLessThanOrEqualTo(files);
            assertThat(heap() - heap).as("bytes of heap left in use").isLessThan(16 << 20);
            assertThat(served).as("files served").isSubsetOf(SERVED).contains("f", "dir/g");
            assertThat(problems).isEmpty();
        } catch (Exception | AssertionError e) {
            throw new AssertionError("again with: -Dnbroot.fuzz=" + PACKETS + " -Dnbroot.fuzz.seed=" + SEED, e);
        } finally {
            Thread.setDefaultUncaughtExceptionHandler(before);
        }
        await(
                "the server's thread ended",
                () -> Thread.getAllStackTraces().keySet().stream()
                        .noneMatch(thread -> thread.getName().equals("tftp")));
    }

    /** Attacks from one thread while another fetches. */
    private void attack(TftpServer server) throws Exception {
        long directBefore = direct();
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try (TftpAttacker attacker = new TftpAttacker(server.addresses().get(0), SEED, PACKETS)) {
            Future<TftpAttacker.Report> attack = thread.submit(attacker);
            for (int fetched = 0; fetched < 3 || !attack.isDone(); fetched++) {
                try (SimpleClient client = new SimpleClient(server.addresses().get(0))) {
                    SimpleClient.Got got = client.get("f", "octet", "blksize", "8192");
                    assertThat(got.error()).isEmpty();
                    assertThat(got.content()).isEqualTo(content);
                }
                assertThat(server.openTransfers()).isLessThanOrEqualTo(MAX_TRANSFERS);
                assertThat(direct() - directBefore)
                        .as("bytes of direct memory")
                        .isLessThan((MAX_TRANSFERS + 16L) * Buffers.SIZE);
            }
            TftpAttacker.Report report = attack.get();
            assertThat(report.leaks()).as("answers with what is outside").isZero();
            assertThat(report.answers()).as("the attack was answered").isGreaterThan(PACKETS / 20);
            assertThat(server.strayPackets()).as("the attack arrived").isGreaterThan(PACKETS / 20);
        } finally {
            thread.shutdownNow();
        }
    }

    private static void await(String what, BooleanSupplier holds) throws InterruptedException {
        for (int i = 0; i < 1000 && !holds.getAsBoolean(); i++) {
            Thread.sleep(10);
        }
        assertThat(holds.getAsBoolean()).as(what).isTrue();
    }

    private static long openFiles() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("/proc/self/fd"))) {
            return files.count();
        }
    }

    private static long heap() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    /** Vanished clients hold no read-ahead buffer, and only as many places as one address may have. */
    @Test
    void vanishedClientsHoldNoBuffersAndNoPlaceOfOthers() throws Exception {
        Files.write(root.resolve("f"), new byte[100_000]);
        InetSocketAddress local = new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0);
        Ends ends = new Ends();
        long directBefore = direct();
        try (TftpServer server =
                new TftpServer(TftpSettings.on(local).withLimits(1000, 400), RootFiles.below(root), ends)) {
            server.start();
            List<DatagramChannel> silent = new ArrayList<>();
            try {
                byte[] request = SimpleClient.request(1, "f", "octet", "blksize", "8192");
                for (int i = 0; i < 500; i++) {
                    DatagramChannel channel =
                            DatagramChannel.open().bind(new InetSocketAddress(InetAddress.getByName("127.0.0.9"), 0));
                    silent.add(channel);
                    channel.send(ByteBuffer.wrap(request), server.addresses().get(0));
                }
                try (SimpleClient client = new SimpleClient(server.addresses().get(0))) {
                    assertThat(client.get("f", "octet").content()).hasSize(100_000);
                }
                TransferEnd end = ends.next();
                while (end.outcome() == Outcome.OVER_LIMIT) {
                    end = ends.next();
                }
                assertThat(end.outcome()).isEqualTo(Outcome.DONE);
                assertThat(server.openTransfers()).isEqualTo(400);
                assertThat(direct() - directBefore).isLessThan(1 << 20);
            } finally {
                for (DatagramChannel channel : silent) {
                    channel.close();
                }
            }
        }
    }

    private static long direct() {
        return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("direct"))
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
    }
}
