package dev.nbroot.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.nbroot.client.ClientViews;
import dev.nbroot.client.RealContents;
import dev.nbroot.client.ThrowawayView;
import dev.nbroot.it.Needs;
import dev.nbroot.report.Event;
import dev.nbroot.report.Events;
import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import dev.nbroot.stage.PxelinuxLoader;
import dev.nbroot.state.ClientMode;
import dev.nbroot.state.ClientRecord;
import dev.nbroot.state.Generation;
import dev.nbroot.state.SampleState;
import dev.nbroot.system.Commands;
import dev.nbroot.system.Invocation;
import dev.nbroot.system.MacAddress;
import dev.nbroot.system.Overlays;
import dev.nbroot.system.TreeRemoval;
import dev.nbroot.system.linux.LinuxCommands;
import dev.nbroot.system.linux.LinuxOverlays;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Cloning with the kernel's overlays and the real ssh-keygen. */
class CloneClientIT {
    private static final String MAC = "52:54:00:12:34:56";

    private final List<Event> events = new ArrayList<>();
    private final Commands commands = new LinuxCommands(Events.none());
    private final Commands smallKeys = new SmallKeys(commands);
    private final Overlays overlays = new LinuxOverlays();
    private Path top;
    private SampleState state;
    private StageBootTree stage;
    private CloneClient clone;

    @BeforeEach
    void prepare() throws IOException {
        Needs.root();
        top = Files.createTempDirectory(Path.of("/var/tmp"), "nbroot-clone-");
        state = new SampleState(top.resolve("state"));
        state.publish("bookworm");
        Path program = Files.writeString(top.resolve("pxelinux.0"), "the program");
        Path library = Files.writeString(top.resolve("ldlinux.c32"), "the library");
        stage = new StageBootTree(
                state.directory(),
                generation -> new PxelinuxLoader(program, library),
                RealContents.ground(),
                events::add,
                Clock.systemUTC());
        clone = cloneWith(smallKeys);
    }

    @AfterEach
    void clean() {
        if (top != null) {
            TreeRemoval.remove(top);
        }
    }

    @Test
    void givesTheMachineItsOwnIdentityAndStagesIt() throws IOException {
        stage.run(StageRequest.of(List.of(), top.resolve("tftp"), "10.0.0.1", Optional.empty()));

        CloneOutcome outcome = cloneWith(commands).run(request(MAC, "node1"));

        Path directory = state.directory().clients().resolve("52-54-00-12-34-56");
        assertThat(outcome.path()).isEqualTo(directory.resolve("root")).isEmptyDirectory();
        assertThat(names(directory)).containsExactlyInAnyOrder("client.yaml", "upper", "work", "root");
        assertThat(mode(directory)).as("a client's setuid files are in there").isEqualTo("rwx------");
        ClientRecord client =
                state.files().client(new MacAddress("52-54-00-12-34-56")).orElseThrow();
        assertThat(client).isEqualTo(outcome.client());
        assertThat(client.machineId()).matches("[0-9a-f]{32}");
        try (Overlays.View view = views().open(client)) {
            Path tree = view.path();
            assertThat(mode(tree.resolve("."))).isEqualTo("rwxr-xr-x");
            assertThat(tree.resolve("etc/hostname")).hasContent("node1\n");
            assertThat(tree.resolve("etc/hosts"))
                    .hasContent("127.0.0.1\tlocalhost\n127.0.1.1\tnode1\n::1\tlocalhost ip6-localhost\n");
            assertThat(tree.resolve("etc/machine-id")).hasContent(client.machineId() + "\n");
            assertThat(mode(tree.resolve("etc/machine-id"))).isEqualTo("r--r--r--");
            assertThat(mode(tree.resolve("etc/ssh/ssh_host_ed25519_key"))).isEqualTo("rw-------");
            assertThat(mode(tree.resolve("etc/ssh/ssh_host_ed25519_key.pub"))).isEqualTo("rw-r--r--");
            assertThat(names(tree.resolve("etc/ssh")))
                    .containsExactlyInAnyOrder(
                            "ssh_host_rsa_key",
                            "ssh_host_rsa_key.pub",
                            "ssh_host_ecdsa_key",
                            "ssh_host_ecdsa_key.pub",
                            "ssh_host_ed25519_key",
                            "ssh_host_ed25519_key.pub");
            assertThat(outcome.hostKeys())
                    .hasSize(3)
                    .anySatisfy(key -> assertThat("ed25519 " + fingerprint(tree, "ed25519"))
                            .isEqualTo(key))
                    .anySatisfy(
                            key -> assertThat("rsa " + fingerprint(tree, "rsa")).isEqualTo(key));
            assertThat(tree.resolve("usr/bin/tool")).hasContent("tool of bookworm/1\n");
        }
        assertThat(generation().tree().resolve("etc/hostname")).hasContent("bookworm\n");
        assertThat(top.resolve("tftp/pxelinux.cfg/01-52-54-00-12-34-56"))
                .content()
                .contains("nfsroot=10.0.0.1:" + directory.resolve("root") + ",", " rw ");
        assertThat(outcome.staged()).isPresent();
    }

    @Test
    void aRootWithoutAnSshServerNeedsNoKeys() throws IOException {
        Files.delete(generation().tree().resolve("etc/ssh"));
        CloneOutcome outcome = clone.run(request(MAC, "node1"));
        assertThat(outcome.hostKeys()).isEmpty();
        try (Overlays.View view = views().open(outcome.client())) {
            assertThat(view.path().resolve("etc/ssh")).doesNotExist();
        }
    }

    @Test
    void twoClientsShareNothingButTheGeneration() throws IOException {
        ClientRecord one = clone.run(request("52:54:00:00:00:01", "node1")).client();
        ClientRecord two = clone.run(request("525400000002", "node2")).client();
        assertThat(one.machineId()).isNotEqualTo(two.machineId());
        try (Overlays.View first = views().open(one);
                Overlays.View second = views().open(two)) {
            assertThat(Files.readString(first.path().resolve("etc/ssh/ssh_host_rsa_key.pub")))
                    .isNotEqualTo(Files.readString(second.path().resolve("etc/ssh/ssh_host_rsa_key.pub")));
            Files.writeString(first.path().resolve("usr/bin/tool"), "changed");
            assertThat(second.path().resolve("usr/bin/tool")).hasContent("tool of bookworm/1\n");
        }
        assertThat(state.directory().client(one.mac()).resolve("upper/usr/bin/tool"))
                .hasContent("changed");
    }

    @Test
    void aSecondCloneOfAMachineIsRefusedInEverySpelling() {
        clone.run(request(MAC, "node1"));
        for (String spelling :
                List.of(MAC, "52-54-00-12-34-56", "525400123456", "5254.0012.3456", "01-52-54-00-12-34-56")) {
            assertThatExceptionOfType(Failure.class)
                    .isThrownBy(() -> clone.run(request(spelling, "other")))
                    .withMessage("52:54:00:12:34:56 is already bound to bookworm/1 as node1")
                    .satisfies(failure -> {
                        assertThat(failure.kind()).isEqualTo(FailureKind.USAGE);
                        assertThat(failure.hint()).contains("clone another MAC");
                    });
        }
    }

    @Test
    void hostnamesAndAddressesBelongToOneMachine() {
        clone.run(
                new CloneRequest("bookworm", MAC, Optional.of("Node1"), Optional.of("10.0.0.5"), ClientMode.STATELESS));
        assertThatExceptionOfType(Failure.class)
                .isThrownBy(() -> clone.run(request("52:54:00:00:00:02", "nodE1")))
                .withMessage("the host name node1 belongs to 52:54:00:12:34:56");
        assertThatExceptionOfType(Failure.class)
                .isThrownBy(() -> clone.run(new CloneRequest(
                        "bookworm",
                        "52:54:00:00:00:02",
                        Optional.empty(),
                        Optional.of("10.0.0.5"),
                        ClientMode.STATELESS)))
                .withMessage("the address 10.0.0.5 belongs to 52:54:00:12:34:56 (node1)");
        assertThat(state.files().clients()).hasSize(1);
    }

    @Test
    void aStatelessClientNeedsNoLayers() throws IOException {
        CloneOutcome outcome =
                clone.run(new CloneRequest("bookworm", MAC, Optional.empty(), Optional.empty(), ClientMode.STATELESS));
        assertThat(outcome.client().hostname()).isEqualTo("bookworm-123456");
        assertThat(outcome.path()).isEqualTo(generation().tree());
        assertThat(names(state.directory().client(outcome.client().mac()))).containsExactly("client.yaml");
        assertThat(mode(state.directory().client(outcome.client().mac()))).isEqualTo("rwxr-xr-x");
    }

    @Test
    void anInterruptedCloneWasNeverThere() throws IOException {
        Commands failing = new SmallKeys(commands) {
            @Override
            public Result run(Invocation invocation) {
                if (invocation.argv().contains("ecdsa")) {
                    throw Failure.of(FailureKind.COMMAND, "ssh-keygen failed", "");
                }
                return super.run(invocation);
            }
        };
        assertThatExceptionOfType(Failure.class)
                .isThrownBy(() -> cloneWith(failing).run(request(MAC, "node1")))
                .withMessage("ssh-keygen failed");
        assertThat(names(state.directory().clients())).isEmpty();

        // What a SIGKILL leaves is no client, and in nobody's way.
        Path left = Files.createDirectories(state.directory().clients().resolve(".52-54-00-12-34-56.new/upper"));
        Files.writeString(left.resolveSibling("client.yaml"), "half");
        assertThat(state.files().clients()).isEmpty();
        clone.run(request(MAC, "node1"));
        assertThat(names(state.directory().clients())).containsExactly("52-54-00-12-34-56");
    }

    @Test
    void clonesAtTheSameTimeAreAllStaged() throws IOException, InterruptedException, ExecutionException {
        stage.run(StageRequest.of(List.of(), top.resolve("tftp"), "10.0.0.1", Optional.empty()));
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Callable<CloneOutcome>> tasks = new ArrayList<>();
            for (int i = 1; i <= 4; i++) {
                String number = Integer.toString(i);
                tasks.add(() -> clone.run(request("52:54:00:00:00:0" + number, "node" + number)));
            }
            for (Future<CloneOutcome> done : threads.invokeAll(tasks)) {
                assertThat(done.get().staged()).isPresent();
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(names(top.resolve("tftp/pxelinux.cfg")))
                .containsExactlyInAnyOrder(
                        "default",
                        "01-52-54-00-00-00-01",
                        "01-52-54-00-00-00-02",
                        "01-52-54-00-00-00-03",
                        "01-52-54-00-00-00-04");
    }

    @Test
    void twoMachinesThatWantOneNameAtOnceDoNotBothGetIt() throws InterruptedException {
        ExecutorService threads = Executors.newFixedThreadPool(2);
        int refused = 0;
        try {
            List<Callable<CloneOutcome>> tasks = List.of(
                    () -> clone.run(request("52:54:00:00:00:01", "node")),
                    () -> clone.run(request("52:54:00:00:00:02", "node")));
            for (Future<CloneOutcome> done : threads.invokeAll(tasks)) {
                try {
                    done.get();
                } catch (ExecutionException e) {
                    assertThat(e.getCause()).hasMessageContaining("the host name node belongs to");
                    refused++;
                }
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(refused).isEqualTo(1);
        assertThat(state.files().clients()).hasSize(1);
    }

    @Test
    void aLinkInTheRootDoesNotLeadIntoTheHost() throws IOException {
        Path victim = Files.writeString(top.resolve("victim"), "host\n");
        Path hostname = generation().tree().resolve("etc/hostname");
        Files.delete(hostname);
        Files.createSymbolicLink(hostname, victim);

        ClientRecord client = clone.run(request(MAC, "node1")).client();

        assertThat(victim).hasContent("host\n");
        assertThat(state.directory()
                        .client(client.mac())
                        .resolve("upper")
                        .resolve(victim.toString().substring(1)))
                .hasContent("node1\n");
    }

    @Test
    void aThrowawayViewSeesTheClientAndLeavesNothing() throws IOException {
        ClientRecord client = clone.run(request(MAC, "node1")).client();
        try (Overlays.View view = views().open(client)) {
            Files.delete(view.path().resolve("usr/bin/tool"));
        }
        try (ThrowawayView view = views().throwaway(generation(), Optional.of(client))) {
            assertThat(view.path().resolve("etc/hostname")).hasContent("node1\n");
            assertThat(view.path().resolve("usr/bin/tool")).doesNotExist();
            assertThat(mode(view.path().resolve("."))).isEqualTo("rwxr-xr-x");
            Files.writeString(view.path().resolve("etc/hostname"), "changed\n");
        }
        try (ThrowawayView view = views().throwaway(generation(), Optional.empty())) {
            assertThat(view.path().resolve("etc/hostname")).hasContent("bookworm\n");
            assertThat(view.path().resolve("usr/bin/tool")).exists();
        }
        assertThat(names(state.directory().cache())).isEmpty();
        try (Overlays.View view = views().open(client)) {
            assertThat(view.path().resolve("etc/hostname")).hasContent("node1\n");
        }
    }

    @Test
    void aViewThatServeLetGoOfIsFree() throws IOException {
        ClientRecord client = clone.run(request(MAC, "node1")).client();
        try (OwnTrees trees = new OwnTrees(views(), state.directory())) {
            assertThat(trees.open(client).resolve("etc/hostname")).hasContent("node1\n");
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> trees.open(client))
                    .withMessageContaining("in use");
            trees.close(client);
            trees.close(client);
            assertThat(trees.open(client).resolve("etc/hostname")).hasContent("node1\n");
        }
        views().open(client).close();
    }

    @Test
    void aRootThatIsNotStagedIsSaid() throws IOException {
        state.publish("rescue");
        stage.run(StageRequest.of(List.of("rescue"), top.resolve("tftp"), "10.0.0.1", Optional.empty()));
        clone.run(request(MAC, "node1"));
        assertThat(events).anySatisfy(event -> assertThat(event.toString()).contains("not among the staged"));
    }

    private CloneClient cloneWith(Commands door) {
        return new CloneClient(state.directory(), overlays, door, stage, events::add, Clock.systemUTC());
    }

    private ClientViews views() {
        return new ClientViews(state.directory(), overlays);
    }

    private Generation generation() {
        return state.directory().generation("bookworm", 1);
    }

    private String fingerprint(Path tree, String type) {
        String file = tree.resolve("etc/ssh/ssh_host_" + type + "_key.pub").toString();
        // ssh-keygen is another process: it cannot use our /proc/self.
        String shared =
                file.replace("/proc/self/", "/proc/" + ProcessHandle.current().pid() + "/");
        return commands.run(Invocation.of("ssh-keygen", "-l", "-f", shared))
                .text()
                .split(" ")[1];
    }

    private static CloneRequest request(String mac, String hostname) {
        return new CloneRequest("bookworm", mac, Optional.of(hostname), Optional.empty(), ClientMode.PERSISTENT);
    }

    private static String mode(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    private static List<String> names(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.map(entry -> entry.getFileName().toString()).toList();
        }
    }

    /** Makes short RSA keys, because long ones take most of a test's time; one test makes real ones. */
    private static class SmallKeys implements Commands {
        private final Commands commands;

        SmallKeys(Commands commands) {
            this.commands = commands;
        }

        @Override
        public Result run(Invocation invocation) {
            List<String> words = new ArrayList<>(invocation.argv());
            if (words.contains("rsa")) {
                words.addAll(List.of("-b", "1024"));
            }
            return commands.run(Invocation.of(words));
        }

        @Override
        public Running start(Invocation invocation, Consumer<String> output) {
            throw new AssertionError("nothing is to be started");
        }
    }
}
