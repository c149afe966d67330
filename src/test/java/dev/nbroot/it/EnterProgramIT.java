package dev.nbroot.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nbroot.command.DiffClient;
import dev.nbroot.report.Events;
import dev.nbroot.state.Generation;
import dev.nbroot.state.Generations;
import dev.nbroot.state.SampleState;
import dev.nbroot.system.Commands;
import dev.nbroot.system.Invocation;
import dev.nbroot.system.MacAddress;
import dev.nbroot.system.TreeRemoval;
import dev.nbroot.system.linux.LinuxCommands;
import dev.nbroot.system.linux.LinuxPosixFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@code nbroot enter} as a person uses it: at a terminal, and when it is killed. */
@Timeout(120)
class EnterProgramIT {
    private static final String MAC = "52:54:00:12:34:56";

    private final Commands commands = new LinuxCommands(Events.none());
    private Path top;
    private SampleState state;
    private Program program;
    private HostSnapshot host;

    @BeforeEach
    void prepare() throws IOException {
        Needs.root();
        top = Files.createTempDirectory(Path.of("/var/tmp"), "nbroot-enter-");
        state = new SampleState(top.resolve("state"));
        BusyRoot.in(state.publish("bookworm").tree());
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

    private Generation current() {
        return new Generations(state.directory()).require("bookworm");
    }

    @Test
    void aShellHasTheTerminal() throws IOException {
        Needs.programs("script");
        String line = program.invocation("enter", "bookworm").quoted();
        List<String> shown = commands.run(
                        Invocation.of("script", "-q", "-e", "-c", line, "/dev/null")
                                .with("JAVA_HOME", System.getProperty("java.home"))
                                .accepting(Program.ANY_STATUS)
                                .reading(
                                        "test -t 0 && test -t 1 && (sleep 0; echo $debian_chroot >/etc/motd) &\nwait\nexit 0\n"))
                .lines();
        assertThat(shown).as(shown.toString()).anyMatch(text -> text.contains("bookworm/2 is current"));
        assertThat(current().tree().resolve("etc/motd")).hasContent("bookworm/2\n");
    }

    @Test
    void whatTheCommandPrintsIsTheOutput() {
        Thorough.only();
        assertThat(program.run("enter", "bookworm", "--", "echo", "from inside"))
                .containsExactly("from inside");
        assertThat(program.run("enter", "bookworm", "--json", "-q", "--", "echo", "from inside"))
                .containsExactly("{\"changed\":false}");
    }

    /** At moments of the work, of the copying and of the publishing. */
    @Test
    void killedItLeavesTheOldGenerationOrTheNewOne() throws IOException, InterruptedException {
        for (int i = 0; i < Thorough.amount("nbroot.kills", 1, 30); i++) {
            int before = current().number();
            List<String> lines = new CopyOnWriteArrayList<>();
            Invocation enter = program.invocation(
                    "enter",
                    "bookworm",
                    "--",
                    "sh",
                    "-c",
                    "echo " + i + " >/etc/motd; echo inside; " + (i == 0 ? "sleep 60" : ""));
            try (Commands.Running running = commands.start(enter, lines::add)) {
                while (!lines.contains("inside")) {
                    assertThat(running.isAlive()).as(lines.toString()).isTrue();
                    Thread.sleep(5);
                }
                Thread.sleep(i * 25L);
                ProcessHandle outer = ProcessHandle.of(running.pid()).orElse(null);
                if (outer != null) {
                    // Only nbroot itself: what it has started must end by itself.
                    java(outer).destroyForcibly();
                }
                running.waitFor(10_000);
            }
            host.assertNothingLeft();
            Generation now = current();
            assertThat(now.number()).isBetween(before, before + 1);
            assertThat(now.manifest()).exists();
            assertThat(state.files().manifest(now).generation()).isEqualTo(now.number());
            assertThat(now.tree().resolve("bin/busybox")).exists();
        }
        program.run("enter", "bookworm", "--", "sh", "-c", "echo end >/etc/motd");
        assertThat(current().tree().resolve("etc/motd")).hasContent("end\n");
        assertThat(state.directory().root("bookworm").resolve(".building")).doesNotExist();
    }

    /** From the moment when something is made beside the machine's directory. */
    @Test
    void aKilledRebaseLeavesTheOldMachineOrTheNewOne() throws IOException, InterruptedException {
        Thorough.only();
        program.run("clone", "bookworm", "--mac", MAC);
        program.run("enter", "--mac", MAC, "--", "sh", "-c", "echo mine >/etc/mine; rm /usr/bin/tool");
        List<String> mine = changed();
        Path clients = state.directory().clients();
        Path hidden = clients.resolve(".52-54-00-12-34-56.new");
        for (int i = 0; i < Thorough.amount("nbroot.kills", 2, 30); i++) {
            program.run("enter", "bookworm", "--", "sh", "-c", "echo " + i + " >/etc/motd");
            int before = generation();
            List<String> lines = new CopyOnWriteArrayList<>();
            try (Commands.Running running = commands.start(program.invocation("rebase", "--mac", MAC), lines::add)) {
                while (!Files.exists(hidden) && running.isAlive()) {
                    Thread.sleep(1);
                }
                Thread.sleep(i * 30L);
                ProcessHandle.of(running.pid()).ifPresent(outer -> java(outer).destroyForcibly());
                running.waitFor(10_000);
            }
            host.assertNothingLeft();
            assertThat(generation())
                    .as(lines.toString())
                    .isBetween(before, current().number());
            assertThat(changed()).isEqualTo(mine);
            program.run("rebase", "--mac", MAC);
            assertThat(generation()).isEqualTo(current().number());
            assertThat(changed()).isEqualTo(mine);
            assertThat(hidden).doesNotExist();
            assertThat(state.directory().cache()).isDirectoryNotContaining("glob:**/temporary-*");
        }
    }

    private int generation() {
        return state.files().client(MacAddress.parse(MAC)).orElseThrow().generation();
    }

    private List<String> changed() {
        return new DiffClient(state.directory(), new LinuxPosixFiles(), Events.none())
                .run(MAC).files().stream()
                        .map(file -> file.change() + " " + file.path())
                        .toList();
    }

    private static ProcessHandle java(ProcessHandle outer) {
        return Stream.concat(Stream.of(outer), outer.descendants())
                .filter(one -> one.info().command().orElse("").endsWith("/java"))
                .findFirst()
                .orElse(outer);
    }
}
