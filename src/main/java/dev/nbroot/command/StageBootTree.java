package dev.nbroot.command;

import dev.nbroot.report.Event;
import dev.nbroot.report.Events;
import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import dev.nbroot.stage.BootMenu;
import dev.nbroot.stage.BootPlanner;
import dev.nbroot.stage.Pxelinux;
import dev.nbroot.stage.PxelinuxLoader;
import dev.nbroot.stage.PxelinuxSource;
import dev.nbroot.stage.StagePlan;
import dev.nbroot.stage.StagedGeneration;
import dev.nbroot.stage.TreeChanges;
import dev.nbroot.stage.TreeWriter;
import dev.nbroot.state.ClientRecord;
import dev.nbroot.state.Generation;
import dev.nbroot.state.Generations;
import dev.nbroot.state.StageSettings;
import dev.nbroot.state.StateDirectory;
import dev.nbroot.state.StateFiles;
import dev.nbroot.system.Ipv4Address;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code nbroot stage}: writes the boot tree for roots and their clients. */
public final class StageBootTree {
    private final StateDirectory state;
    private final Generations generations;
    private final StateFiles files;
    private final PxelinuxSource pxelinux;
    private final Events events;
    private final Clock clock;

    /** Stages from one state directory. */
    public StageBootTree(StateDirectory state, PxelinuxSource pxelinux, Events events, Clock clock) {
        this.state = state;
        this.generations = new Generations(state);
        this.files = new StateFiles(state);
        this.pxelinux = pxelinux;
        this.events = events;
        this.clock = clock;
    }

    /**
     * Stages.
     *
     * @throws Failure of kind {@code USAGE} when the request names what is not there, or the tree holds files in the way
     *     that nbroot did not write; {@code INVALID_INPUT} when a root cannot be staged; {@code FAILED} at an I/O error;
     *     {@code COMMAND} when the boot loader has to be fetched and cannot be
     */
    public StageOutcome run(StageRequest request) {
        Settled settled = settle(request);
        StageOutcome outcome = stage(settled, request.dryRun());
        if (!request.dryRun()) {
            remember(request, settled);
        }
        return outcome;
    }

    /** Stages as {@link #run} does, without remembering it: later builds and clones leave this tree alone. */
    StageOutcome runOnce(StageRequest request) {
        return stage(settle(request), request.dryRun());
    }

    private StageOutcome stage(Settled settled, boolean dryRun) {
        TreeWriter writer = new TreeWriter(settled.tftp(), state.path(), clock);
        Staged first = plan(settled);
        TreeChanges expected = writer.check(first.plan());
        if (dryRun) {
            return outcome(settled, first, expected, true);
        }
        StageOutcome outcome = writer.exclusively(() -> {
            // Planned again: while this one waited, another nbroot may have made a client or a generation.
            Staged staged = plan(settled);
            return outcome(settled, staged, writer.write(staged.plan()), false);
        });
        for (Path left : outcome.changes().abandoned()) {
            tell(Event.Level.WARNING, settled.tftp().resolve(left) + " was changed by hand: left where it is");
        }
        return outcome;
    }

    /**
     * Stages again as last asked for. For commands that make what machines boot.
     *
     * @return what was done; nothing when {@code stage} was never asked for
     */
    public Optional<StageOutcome> restage() {
        Optional<StageSettings> settings = files.stageSettings();
        if (settings.isEmpty()) {
            tell(Event.Level.DETAIL, "no boot tree to update: nbroot stage was not asked for yet");
        }
        return settings.map(StageRequest::again).map(this::run);
    }

    private record Settled(List<String> roots, Path tftp, Ipv4Address server, String defaultRoot, int nfsPort) {}

    private record Staged(StagePlan plan, List<ClientRecord> clients) {}

    private Settled settle(StageRequest request) {
        Path tftp = request.tftp().toAbsolutePath().normalize();
        if (Files.exists(tftp) ? !Files.isDirectory(tftp) : !Files.isDirectory(tftp.getParent())) {
            throw Failure.of(
                    FailureKind.USAGE,
                    Files.exists(tftp)
                            ? "--tftp " + tftp + " is not a directory"
                            : "--tftp " + tftp + " cannot be made: " + tftp.getParent() + " is not a directory",
                    "give a directory, or the name of one to be made in a directory that exists");
        }
        if (state.path().startsWith(tftp) || tftp.startsWith(state.clients()) || tftp.startsWith(state.roots())) {
            throw Failure.of(
                    FailureKind.USAGE,
                    "--tftp " + tftp + " would serve the secrets of " + state.path() + " to everybody",
                    "give a directory of its own, such as /srv/tftp");
        }
        Ipv4Address server = Ipv4Address.parse(request.server(), "--server");
        if (server.isLoopback()) {
            tell(Event.Level.WARNING, "--server " + server + " is this host's loopback: no other machine reaches it");
        }
        if (request.nfsPort() < 1 || request.nfsPort() > 65_535) {
            throw Failure.of(
                    FailureKind.USAGE, "the NFS port " + request.nfsPort() + " is not between 1 and 65535", "");
        }
        List<String> roots = request.roots().isEmpty()
                ? generations.roots()
                : request.roots().stream().distinct().toList();
        roots.forEach(generations::require);
        if (roots.isEmpty()) {
            throw Failure.of(
                    FailureKind.USAGE,
                    "there is no root to stage in " + state.path(),
                    "build one first: nbroot build profiles/bookworm.yaml");
        }
        String defaultRoot = request.defaultRoot().orElse(roots.get(0));
        if (!roots.contains(defaultRoot)) {
            throw Failure.of(
                    FailureKind.USAGE,
                    "--default " + defaultRoot + " is not among the roots to stage",
                    "these are staged: " + String.join(", ", roots));
        }
        return new Settled(roots, tftp, server, defaultRoot, request.nfsPort());
    }

    private Staged plan(Settled settled) {
        Map<Generation, StagedGeneration> used = new LinkedHashMap<>();
        List<StagedGeneration> current = new ArrayList<>();
        for (String root : settled.roots()) {
            StagedGeneration staged = use(used, generations.require(root));
            current.add(root.equals(settled.defaultRoot()) ? 0 : current.size(), staged);
        }
        BootPlanner planner = new BootPlanner(state, settled.server(), settled.nfsPort());
        List<BootMenu> menus = new ArrayList<>();
        menus.add(planner.unknown(current));
        List<ClientRecord> clients = files.clients().stream()
                .filter(client -> settled.roots().contains(client.root()))
                .toList();
        for (ClientRecord client : clients) {
            menus.add(planner.client(client, use(used, state.generation(client.root(), client.generation()))));
        }
        PxelinuxLoader loader = pxelinux.loader(current.get(0));
        return new Staged(StagePlan.of(menus, List.copyOf(used.values()), new Pxelinux(loader)), clients);
    }

    private StagedGeneration use(Map<Generation, StagedGeneration> used, Generation generation) {
        return used.computeIfAbsent(generation, missing -> new StagedGeneration(missing, files.manifest(missing)));
    }

    private StageOutcome outcome(Settled settled, Staged staged, TreeChanges changes, boolean dryRun) {
        return new StageOutcome(
                settled.tftp(), settled.server().toString(), staged.plan(), staged.clients(), changes, dryRun);
    }

    /** A user who may only read the state directory can stage into a tree of his own; it is just not remembered. */
    private void remember(StageRequest request, Settled settled) {
        StageSettings settings = new StageSettings(
                settled.tftp(), settled.server().toString(), request.roots(), request.defaultRoot(), request.nfsPort());
        if (files.stageSettings().equals(Optional.of(settings))) {
            return;
        }
        if (Files.isWritable(state.path())) {
            files.write(settings);
        } else {
            tell(
                    Event.Level.WARNING,
                    "not remembered, because " + state.path() + " is not writable: run stage again after each build"
                            + " and clone");
        }
    }

    private void tell(Event.Level level, String text) {
        events.on(new Event.Notice(level, text));
    }
}
