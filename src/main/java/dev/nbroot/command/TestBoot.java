package dev.nbroot.command;

import dev.nbroot.client.ClientGround;
import dev.nbroot.client.ClientViews;
import dev.nbroot.client.NewSharedTree;
import dev.nbroot.lab.Accelerator;
import dev.nbroot.lab.BootTimeline;
import dev.nbroot.lab.Lab;
import dev.nbroot.lab.LoginWatch;
import dev.nbroot.lab.MachineType;
import dev.nbroot.lab.SecureShell;
import dev.nbroot.lab.Subnet;
import dev.nbroot.lab.VirtualMachine;
import dev.nbroot.report.Event;
import dev.nbroot.report.Events;
import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import dev.nbroot.serve.BootServers;
import dev.nbroot.serve.HttpChoice;
import dev.nbroot.serve.ServeSettings;
import dev.nbroot.serve.UseLog;
import dev.nbroot.state.ClientRecord;
import dev.nbroot.state.Generation;
import dev.nbroot.state.Generations;
import dev.nbroot.state.HeldGeneration;
import dev.nbroot.state.StageSettings;
import dev.nbroot.state.StateDirectory;
import dev.nbroot.state.StateFiles;
import dev.nbroot.state.TemporaryDirectory;
import dev.nbroot.system.Commands;
import dev.nbroot.system.Host;
import dev.nbroot.system.MacAddress;
import dev.nbroot.system.Namespaces;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * {@code nbroot test}: boots a virtual machine from the staged tree, on a network of its own, and logs in to it. The
 * machine sees throwaway views, so nothing that it does is kept.
 */
public final class TestBoot {
    private static final MacAddress NOBODY = new MacAddress("52-54-00-6e-62-72");
    private static final String SERVER_WHEN_NEVER_STAGED = "10.77.0.1";
    private static final int SCREEN_LINES = 4;
    private static final int LEAST_MEMORY_MIB = 256;

    private final StateDirectory state;
    private final Host host;
    private final Commands commands;
    private final Namespaces namespaces;
    private final ClientViews views;
    private final NewSharedTree shared;
    private final StageBootTree stage;
    private final BootServers.Ground ground;
    private final Events events;

    /** Tests roots of one state directory. */
    public TestBoot(
            StateDirectory state,
            Host host,
            Commands commands,
            Namespaces namespaces,
            ClientGround clients,
            StageBootTree stage,
            BootServers.Ground ground) {
        this.state = state;
        this.host = host;
        this.commands = commands;
        this.namespaces = namespaces;
        this.views = new ClientViews(state, clients.overlays());
        this.shared = new NewSharedTree(state, clients, Clock.systemUTC());
        this.stage = stage;
        this.ground = ground;
        this.events = ground.events();
    }

    /**
     * Boots and logs in.
     *
     * @throws Failure of kind {@code FAILED} when the machine does not come up, with the stage it stopped at and its
     *     last lines; {@code HOST} when a tool or root's privilege lacks; {@code USAGE} for an unknown root
     */
    public TestOutcome run(TestRequest request) {
        if (request.memoryMib() < LEAST_MEMORY_MIB || request.atMost().toSeconds() < 1) {
            throw Failure.of(
                    FailureKind.USAGE,
                    "a machine needs at least " + LEAST_MEMORY_MIB + " MiB of memory and one second",
                    "leave --memory and --timeout out");
        }
        requireHost();
        try (TemporaryDirectory temporary = TemporaryDirectory.make(state, "test")) {
            Path scratch = temporary.path();
            Rehearsal rehearsal = plan(request, scratch);
            return HeldGeneration.during(state, rehearsal.generation(), () -> boot(rehearsal, request, scratch));
        }
    }

    /**
     * What is going to be booted.
     *
     * @param client whose machine is played; absent for one that nobody knows
     */
    private record Rehearsal(
            Generation generation,
            Optional<ClientRecord> client,
            MacAddress mac,
            Path tree,
            String server,
            int nfsPort,
            OptionalInt httpPort) {}

    private void requireHost() {
        host.requireRoot("make a private network for the test");
        host.requireProgram("qemu-system-x86_64", "to boot a virtual machine", "qemu-system-x86 ipxe-qemu");
        host.requireProgram("dnsmasq", "to give the virtual machine an address", "dnsmasq-base");
        host.requireProgram("ip", "to make a private network", "iproute2");
        host.requireProgram("ssh", "to log in to the virtual machine", "openssh-client");
    }

    private Rehearsal plan(TestRequest request, Path scratch) {
        StateFiles files = new StateFiles(state);
        Generations generations = new Generations(state);
        Optional<StageSettings> staged = files.stageSettings();
        Optional<ClientRecord> client = request.mac().flatMap(files::client);
        MacAddress mac = request.mac().orElse(NOBODY);
        if (client.isPresent()
                && request.root().filter(client.get().root()::equals).isEmpty()
                && request.root().isPresent()) {
            throw Failure.of(
                    FailureKind.USAGE,
                    mac.colons() + " is bound to the root " + client.get().root(),
                    "leave the root's name out, or leave --mac out");
        }
        String root = client.map(ClientRecord::root)
                .or(request::root)
                .or(() -> staged.flatMap(StageSettings::defaultRoot))
                .or(() -> staged.map(StageSettings::roots).flatMap(TestBoot::first))
                .or(() -> first(generations.roots()))
                .orElseThrow(() -> Failure.of(
                        FailureKind.USAGE,
                        "there is no root to test in " + state.path(),
                        "build one first: nbroot build profiles/bookworm.yaml"));
        Generation generation = client.map(generations::bootedBy).orElseGet(() -> generations.require(root));
        String server = staged.map(StageSettings::server).orElse(SERVER_WHEN_NEVER_STAGED);
        int nfsPort = staged.map(StageSettings::nfsPort).orElse(StageSettings.STANDARD_NFS_PORT);
        OptionalInt httpPort =
                staged.map(StageSettings::httpPort).orElse(OptionalInt.of(StageSettings.STANDARD_HTTP_PORT));
        if (staged.isPresent() && request.root().isEmpty()) {
            return new Rehearsal(generation, client, mac, staged.get().tftp(), server, nfsPort, httpPort);
        }
        Path tree = scratch.resolve("tftp");
        stage.runOnce(new StageRequest(List.of(root), tree, server, Optional.of(root), nfsPort, httpPort, false));
        return new Rehearsal(generation, client, mac, tree, server, nfsPort, httpPort);
    }

    private static Optional<String> first(List<String> names) {
        return names.stream().findFirst();
    }

    private TestOutcome boot(Rehearsal rehearsal, TestRequest request, Path scratch) {
        String title = "Boot " + rehearsal.generation().label() + " on a virtual machine ("
                + rehearsal.mac().colons() + ")";
        events.on(new Event.StepStarted("boot", title));
        long start = System.nanoTime();
        try (Lab lab = Lab.open(commands, namespaces, new Subnet(rehearsal.server()), scratch)) {
            SecureShell shell = lab.secureShell();
            BootTimeline timeline = new BootTimeline(System::nanoTime, this::tell);
            try (RehearsalTrees trees = trees(rehearsal, shell.publicKey(), scratch);
                    BootServers servers = lab.namespace().onNetwork(() -> serve(rehearsal, trees, timeline))) {
                servers.endpoints();
                lab.serveDhcp(List.of(rehearsal.mac()), "pxelinux.0", timeline::onDhcpLine);
                MachineType type = new MachineType(request.memoryMib(), Accelerator.best());
                try (VirtualMachine machine = lab.powerOn(0, rehearsal.mac(), type)) {
                    String login = "root@" + lab.subnet().client(0);
                    String evidence = new LoginWatch(machine, timeline, shell, login).await(request.atMost());
                    events.on(new Event.StepFinished("boot", Duration.ofNanos(System.nanoTime() - start), false));
                    return outcome(rehearsal, timeline, machine, evidence);
                }
            }
        }
    }

    private RehearsalTrees trees(Rehearsal rehearsal, String publicKey, Path scratch) {
        return new RehearsalTrees(
                views,
                rehearsal.generation(),
                publicKey,
                new MissingTrees(state, shared).of(rehearsal.generation(), rehearsal.client()),
                shared,
                scratch);
    }

    private BootServers serve(Rehearsal rehearsal, RehearsalTrees trees, BootTimeline timeline) {
        Events both = event -> {
            timeline.on(event);
            if (event instanceof Event.Notice) {
                events.on(event);
            } else if (event instanceof Event.ClientActivity done
                    && !done.outcome().equals("done")
                    && !done.expected()) {
                events.on(new Event.Notice(
                        Event.Level.INFO,
                        done.what() + " " + done.subject() + ": " + done.outcome() + ": " + done.reason()));
            }
        };
        try {
            InetAddress address = InetAddress.getByName(rehearsal.server());
            return BootServers.start(
                    settings(rehearsal, address),
                    state,
                    trees,
                    new BootServers.Ground(ground.posix(), ground.holders(), ground.neighbours(), both),
                    // Its machine is not one of the network's; the generation is held meanwhile.
                    told -> UseLog.none());
        } catch (UnknownHostException e) {
            throw new IllegalStateException("not an address literal: " + rehearsal.server(), e);
        }
    }

    private static ServeSettings settings(Rehearsal rehearsal, InetAddress address) {
        ServeSettings usual = ServeSettings.usual(address, Optional.of(rehearsal.tree()), 69, rehearsal.nfsPort(), 111);
        return rehearsal.httpPort().isEmpty()
                ? usual
                : usual.with(new HttpChoice(rehearsal.httpPort().getAsInt(), true));
    }

    private void tell(BootTimeline.Reached reached) {
        events.on(new Event.Progress(
                "boot",
                String.format(
                        Locale.ROOT,
                        "%s after %.1f s",
                        reached.stage().title(),
                        reached.after().toMillis() / 1000.0)));
    }

    private static TestOutcome outcome(
            Rehearsal rehearsal, BootTimeline timeline, VirtualMachine machine, String evidence) {
        List<TestOutcome.Stage> stages = timeline.reached().stream()
                .map(reached -> new TestOutcome.Stage(
                        reached.stage().title(), reached.after().toMillis() / 1000.0))
                .toList();
        return new TestOutcome(
                true,
                rehearsal.mac().colons(),
                evidence,
                machine.lastLines(SCREEN_LINES),
                stages.get(stages.size() - 1).seconds(),
                stages);
    }
}
