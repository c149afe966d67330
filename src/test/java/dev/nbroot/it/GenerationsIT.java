package dev.nbroot.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nbroot.client.RealContents;
import dev.nbroot.command.CollectGarbage;
import dev.nbroot.command.GcOutcome;
import dev.nbroot.command.GcRequest;
import dev.nbroot.command.RollBack;
import dev.nbroot.command.RollbackRequest;
import dev.nbroot.command.StageBootTree;
import dev.nbroot.nfs.TreeReader;
import dev.nbroot.report.Events;
import dev.nbroot.stage.PxelinuxLoader;
import dev.nbroot.state.Generation;
import dev.nbroot.state.Generations;
import dev.nbroot.state.SampleState;
import dev.nbroot.state.StateDirectory;
import dev.nbroot.system.Commands;
import dev.nbroot.system.DiskUsage;
import dev.nbroot.system.linux.LinuxCommands;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What machines notice of new generations, of going back, and of clearing away: nothing. */
class GenerationsIT {
    private static final int FILES = 60;
    private static final int STALE = 70;
    private static final Duration MONTH = Duration.ofDays(30);

    @TempDir
    private Path scratch;

    private final Commands commands = new LinuxCommands(Events.none());
    private final List<AutoCloseable> open = new ArrayList<>();
    private SampleState sample;
    private StateDirectory state;
    private int nfsPort;
    private int portmapPort;

    @BeforeEach
    void needs() throws IOException {
        Needs.root();
        Needs.programs("nfs-cat", "cmp", "du");
        sample = new SampleState(scratch.resolve("state"));
        state = sample.directory();
        try (ServerSocket one = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            nfsPort = one.getLocalPort();
            portmapPort = other.getLocalPort();
        }
    }

    @AfterEach
    void close() throws Exception {
        for (int i = open.size() - 1; i >= 0; i--) {
            open.get(i).close();
        }
    }

    /** A generation with some files at its top; the same names in each, with contents of their own. */
    private Map<String, byte[]> publish() throws IOException {
        Generation generation = sample.publish("sample");
        Random random = new Random(generation.number());
        Map<String, byte[]> contents = new TreeMap<>();
        for (int i = 0; i < FILES; i++) {
            byte[] bytes = new byte[random.nextInt(32 * 1024) + 1];
            random.nextBytes(bytes);
            contents.put(
                    "file-" + i,
                    Files.readAllBytes(Files.write(generation.tree().resolve("file-" + i), bytes)));
        }
        return contents;
    }

    private ServeProcess serve() throws InterruptedException {
        Program nbroot = new Program(commands, state.path(), scratch);
        ServeProcess serve = new ServeProcess(
                commands,
                nbroot.invocation(
                        "serve",
                        "--address",
                        "127.0.0.1",
                        "--nfs-port",
                        Integer.toString(nfsPort),
                        "--portmap-port",
                        Integer.toString(portmapPort)));
        open.add(serve);
        return serve;
    }

    private GcOutcome gc() {
        return new CollectGarbage(state, new DiskUsage(commands)::of, Events.none(), Clock.systemUTC())
                .run(new GcRequest(false, 1, MONTH, OptionalLong.empty()));
    }

    private void rollback(String generation) throws IOException {
        PxelinuxLoader none = new PxelinuxLoader(scratch.resolve("none"), scratch.resolve("none"));
        StageBootTree stage =
                new StageBootTree(state, any -> none, RealContents.ground(), Events.none(), Clock.systemUTC());
        new RollBack(state, stage, Events.none()).run(new RollbackRequest("sample", Optional.of(generation)));
    }

    private List<Integer> generations() {
        return new Generations(state)
                .all("sample").stream().map(Generation::number).toList();
    }

    @Test
    void fiveMachinesReadTheirGenerationThroughAllThatHappens() throws Exception {
        Map<String, byte[]> contents = publish();
        Generation first = state.generation("sample", 1);
        ServeProcess serve = serve();
        ReadingMachines machines = new ReadingMachines(commands, nfsPort, first, contents, scratch);
        open.add(machines);

        publish();
        assertThat(gc().dropped()).isEmpty();
        publish();
        rollback("2");
        gc();
        assertThat(generations()).containsExactly(1, 2, 3);
        rollback("3");
        assertThat(gc().dropped())
                .singleElement()
                .satisfies(dropped -> assertThat(dropped.generation()).isEqualTo(2));
        publish();
        rollback("1");
        rollback("4");
        assertThat(gc().kept().get(0).why())
                .singleElement()
                .asString()
                .startsWith("machines use it: 127.0.0.1")
                .contains(", 127.0.0.1");
        assertThat(generations()).containsExactly(1, 4);
        machines.readOn();
        machines.endPrograms();

        serve.kill();
        gc();
        assertThat(generations()).as("while nobody serves").containsExactly(1, 4);
        ServeProcess again = serve();
        gc();
        machines.readOn();
        List<TreeReader> readers = machines.kernels();
        assertThat(readers).allSatisfy(reader -> assertThat(reader.reconnects()).isPositive());
        assertThat(generations()).containsExactly(1, 4);

        for (TreeReader reader : readers) {
            reader.stop();
            assertThat(reader.errors()).isEmpty();
        }
        longAgo(first);
        assertThat(gc().dropped())
                .singleElement()
                .satisfies(dropped -> assertThat(dropped.generation()).isEqualTo(1));
        itIsGone(readers.get(0), again);
        assertThat(again.terminate()).isZero();
    }

    private void longAgo(Generation generation) throws IOException {
        FileTime alive = Files.getLastModifiedTime(state.alive());
        try (Stream<Path> uses = Files.list(state.uses(generation))) {
            for (Path use : uses.toList()) {
                Files.setLastModifiedTime(use, FileTime.from(alive.toInstant().minus(Duration.ofDays(8))));
            }
        }
    }

    /** Its handles are stale, and the server holds none of its files, so that their space is free. */
    private void itIsGone(TreeReader reader, ServeProcess serve) throws Exception {
        long pid = ProcessHandle.of(serve.pid())
                .orElseThrow()
                .descendants()
                .reduce((above, below) -> below)
                .map(ProcessHandle::pid)
                .orElse(serve.pid());
        boolean gone = false;
        for (int i = 0; i < 150 && !gone; i++) {
            Thread.sleep(100);
            gone = reader.rootStatus() == STALE && held(pid).isEmpty();
        }
        assertThat(reader.rootStatus()).isEqualTo(STALE);
        assertThat(held(pid)).isEmpty();
    }

    private List<String> held(long pid) throws IOException {
        List<String> held = new ArrayList<>();
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/" + pid + "/fd"))) {
            for (Path descriptor : descriptors.toList()) {
                String target;
                try {
                    target = Files.readSymbolicLink(descriptor).toString();
                } catch (NoSuchFileException e) {
                    // It has just been closed.
                    continue;
                }
                if (target.startsWith(state.roots().toString()) && target.endsWith(" (deleted)")) {
                    held.add(target);
                }
            }
        }
        return held;
    }

    @Test
    void whereverItIsKilledNothingHalfIsSeen() throws Exception {
        int kills = Thorough.amount("nbroot.kills", 3, 40);
        Random random = new Random(Thorough.seed("nbroot.seed"));
        Program nbroot = new Program(commands, state.path(), scratch);
        int interrupted = 0;
        for (int run = 0; run < kills; run++) {
            while (generations().size() < 4) {
                crowded();
            }
            List<Integer> before = generations();
            Commands.Running gc = commands.start(nbroot.invocation("gc", "--keep", "1"), line -> {});
            if (run % 2 == 0) {
                for (int i = 0; i < 3000 && gc.isAlive() && generations().equals(before); i++) {
                    Thread.sleep(2);
                }
                Thread.sleep(random.nextInt(60));
            } else {
                Thread.sleep(random.nextInt(1200));
            }
            ProcessHandle outer = ProcessHandle.of(gc.pid()).orElse(null);
            if (outer != null) {
                outer.descendants()
                        .reduce((above, below) -> below)
                        .orElse(outer)
                        .destroyForcibly();
            }
            assertThat(gc.waitFor(10_000)).isTrue();
            gc.close();
            interrupted += leftovers().isEmpty() ? 0 : 1;
            assertWhole();
        }
        assertThat(interrupted).as("gc was killed while it deleted").isPositive();

        gc();
        assertThat(generations()).hasSize(1);
        assertThat(leftovers()).isEmpty();
        assertWhole();
    }

    private static final int CROWD = 1500;

    private void crowded() throws IOException {
        Generation generation = sample.publish("sample");
        for (int i = 0; i < CROWD; i++) {
            if (i % 100 == 0) {
                Files.createDirectories(generation.tree().resolve("d" + i / 100));
            }
            Files.createFile(generation.tree().resolve("d" + i / 100).resolve("f" + i));
        }
    }

    private void assertWhole() throws IOException {
        assertThat(new Generations(state).current("sample")).isPresent();
        assertThat(new Generations(state).current("sample").get().directory()).isDirectory();
        for (Generation generation : new Generations(state).all("sample")) {
            assertThat(generation.kernel()).exists();
            assertThat(generation.initrd()).exists();
            assertThat(generation.manifest()).exists();
            try (Stream<Path> files = Files.walk(generation.tree())) {
                assertThat(files.filter(file -> file.getFileName().toString().matches("f[0-9]+")))
                        .hasSize(CROWD);
            }
        }
    }

    private List<Path> leftovers() throws IOException {
        try (Stream<Path> files = Files.list(state.root("sample"))) {
            return files.filter(file -> file.getFileName().toString().startsWith(".gone"))
                    .toList();
        }
    }
}
