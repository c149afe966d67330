package dev.nbroot.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nbroot.report.Events;
import dev.nbroot.state.Generation;
import dev.nbroot.state.Generations;
import dev.nbroot.state.SampleState;
import dev.nbroot.system.Commands;
import dev.nbroot.system.TreeRemoval;
import dev.nbroot.system.linux.LinuxCommands;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Machines that read a generation see no error while others are made of it, made current, and dropped. */
@Timeout(300)
class UpkeepBesideReadersIT {
    private static final int FILES = 40;
    private static final int GC_RUNS = 3;

    private final Commands commands = new LinuxCommands(Events.none());
    private Path top;
    private SampleState state;
    private Program program;
    private HostSnapshot host;

    @BeforeEach
    void prepare() throws IOException {
        Thorough.only();
        Needs.root();
        Needs.programs("nfs-cat", "cmp", "du");
        top = Files.createTempDirectory(Path.of("/var/tmp"), "nbroot-readers-");
        state = new SampleState(top.resolve("state"));
        program = new Program(commands, state.directory().path(), top);
        host = HostSnapshot.take();
    }

    @AfterEach
    void clean() throws InterruptedException {
        if (top != null) {
            host.assertNothingLeft();
            TreeRemoval.remove(top);
        }
    }

    @Test
    void enterUpgradeRollbackAndGcDisturbNobody() throws Exception {
        Generation first = state.publish("bookworm");
        BusyRoot.in(first.tree());
        Map<String, byte[]> contents = fill(first.tree());
        int port = freePort();
        try (ServeProcess serve = new ServeProcess(
                        commands,
                        program.invocation(
                                "serve",
                                "--address",
                                "127.0.0.1",
                                "--nfs-port",
                                Integer.toString(port),
                                "--portmap-port",
                                Integer.toString(freePort())));
                ReadingMachines machines = new ReadingMachines(commands, port, first, contents, top)) {
            machines.readOn();
            gcWhileItIsEntered("""
                    for file in /file-*; do echo other >$file; done; rm /file-1; echo inside; sleep 2
                    mkdir -p /srv/next/usr/bin && echo new >/srv/next/usr/bin/tool
                    """);
            assertThat(generations()).containsExactly(1, 2);
            machines.readOn();

            program.run("upgrade", "bookworm");
            assertThat(current().number()).isEqualTo(3);
            assertThat(current().tree().resolve("usr/bin/tool")).hasContent("new\n");
            machines.readOn();

            program.run("rollback", "bookworm", "1");
            program.run("rollback", "bookworm", "3");
            assertThat(program.run("gc", "--keep", "1")).anyMatch(line -> line.contains("bookworm/2"));
            assertThat(generations()).as("nobody reads 2").containsExactly(1, 3);
            machines.readOn();
            assertThat(machines.kernels())
                    .allSatisfy(reader -> assertThat(reader.reconnects()).isZero());
            machines.endPrograms();
            assertThat(serve.terminate()).isZero();
        }
    }

    /** While a root is worked on gc leaves it alone, and comes to an end all the same. */
    private void gcWhileItIsEntered(String script) throws InterruptedException {
        List<String> lines = new CopyOnWriteArrayList<>();
        try (Commands.Running enter =
                commands.start(program.invocation("enter", "bookworm", "--", "sh", "-c", script), lines::add)) {
            while (!lines.contains("inside")) {
                assertThat(enter.isAlive()).as(lines.toString()).isTrue();
                Thread.sleep(5);
            }
            for (int i = 0; i < GC_RUNS; i++) {
                program.run("gc", "--keep", "1");
            }
            assertThat(enter.waitFor(60_000)).isTrue();
            assertThat(enter.status()).as(lines.toString()).isZero();
        }
    }

    private static Map<String, byte[]> fill(Path tree) throws IOException {
        Random random = new Random(1);
        Map<String, byte[]> contents = new TreeMap<>();
        for (int i = 0; i < FILES; i++) {
            byte[] bytes = new byte[random.nextInt(32 * 1024) + 1];
            random.nextBytes(bytes);
            contents.put("file-" + i, bytes);
            Files.write(tree.resolve("file-" + i), bytes);
        }
        return contents;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private Generation current() {
        return new Generations(state.directory()).require("bookworm");
    }

    private List<Integer> generations() {
        return new Generations(state.directory())
                .all("bookworm").stream().map(Generation::number).toList();
    }
}
