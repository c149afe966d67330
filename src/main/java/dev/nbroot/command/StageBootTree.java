package dev.nbroot.command;

import dev.nbroot.client.ClientGround;
import dev.nbroot.client.NewSharedTree;
import dev.nbroot.report.Event;
import dev.nbroot.report.Events;
import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import dev.nbroot.stage.BootPlanner;
import dev.nbroot.stage.ImageSource;
import dev.nbroot.stage.PxelinuxSource;
import dev.nbroot.stage.StagedGeneration;
import dev.nbroot.stage.TreeChanges;
import dev.nbroot.stage.TreeWriter;
import dev.nbroot.state.BegunRollback;
import dev.nbroot.state.BootTrees;
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
import java.util.List;
import java.util.Optional;

/** {@code nbroot stage}: writes the boot tree for roots and their clients. */
public final class StageBootTree {
    private final StateDirectory state;
    private final Generations generations;
    private final StateFiles files;
    private final PxelinuxSource pxelinux;
    private final KeepDirectories keeping;
    private final MakeSharedTrees sharing;
    private final ImageSource images;
    private final Events events;
    private final Clock clock;
    private final OwnKernels kernels;

    /**
     * What is staged beside what the state directory holds.
     *
     * @param pxelinux gives the boot loader
     * @param images makes those that machines hold in memory
     * @param ground makes trees on the server, before machines are told to mount them
     * @param kernels is asked to look at each persistent machine before
     */
    public record Sources(PxelinuxSource pxelinux, ImageSource images, ClientGround ground, OwnKernels kernels) {}

    /** Stages from one state directory. */
    public StageBootTree(StateDirectory state, Sources sources, Events events, Clock clock) {
        this.state = state;
        this.generations = new Generations(state);
        this.files = new StateFiles(state);
        this.pxelinux = sources.pxelinux();
        this.keeping = new KeepDirectories(state, sources.ground().kept());
        this.sharing = new MakeSharedTrees(state, new NewSharedTree(state, sources.ground(), clock));
        this.images = sources.images();
        this.events = events;
        this.clock = clock;
        this.kernels = sources.kernels();
    }

    /**
     * Stages.
     *
     * @throws Failure of kind {@code USAGE} when the request names what is not there, or the tree holds files in the way
     *     that nbroot did not write; {@code INVALID_INPUT} when a named root cannot be staged, or, when none was
     *     named, no root can (the others are skipped with a warning, as are their clients); {@code FAILED} at an I/O
     *     error; {@code HOST} when the boot loader has to be fetched and cannot be
     */
    public StageOutcome run(StageRequest request) {
        StageTarget target = settle(request);
        StageOutcome outcome = lasting(request, target);
        if (!request.dryRun()) {
            forgetRollbacks(target, outcome);
        }
        return outcome;
    }

    private StageOutcome lasting(StageRequest request, StageTarget target) {
        if (target.tftp().startsWith(state.cache())) {
            throw Failure.of(
                    FailureKind.USAGE,
                    "--tftp " + target.tftp() + " lies in " + state.cache()
                            + ", whose contents may be deleted at any time",
                    "give a directory of its own, such as /srv/tftp");
        }
        StageOutcome outcome = stage(target, request.dryRun(), true);
        if (!request.dryRun()) {
            remember(request, target);
        }
        return outcome;
    }

    /**
     * Stages as {@link #run} does, without remembering it: later builds and clones leave this tree alone, and what its
     * machines mount on the server is not made.
     */
    StageOutcome runOnce(StageRequest request) {
        return stage(settle(request), request.dryRun(), false);
    }

    private StageOutcome stage(StageTarget target, boolean dryRun, boolean lasting) {
        if (!dryRun) {
            lookAtKernels(target);
        }
        StagePlanning planning =
                new StagePlanning(state, pxelinux, dryRun ? images::planned : images::get, events, target);
        TreeWriter writer = new TreeWriter(target.tftp(), state.path(), clock);
        MachineTrees trees = new MachineTrees(sharing, keeping, events);
        StagePlanning.Planned first = planning.plan();
        TreeChanges expected = writer.check(first.plan());
        if (dryRun) {
            trees.describe(first);
            return outcome(target, first, expected, true);
        }
        if (lasting) {
            // What may take long, before others have to wait.
            trees.prepare(first);
        }
        StageOutcome outcome = writer.exclusively(() -> {
            if (lasting && Files.isWritable(state.path())) {
                // Before the tree names anything, because what a tree names must not be dropped.
                new BootTrees(state).add(target.tftp());
            }
            // Planned again: while this one waited, another nbroot may have made a client or a generation.
            StagePlanning.Planned planned = planning.plan();
            if (lasting) {
                trees.prepare(planned);
            }
            return outcome(target, planned, writer.write(planned.plan()), false);
        });
        for (Path left : outcome.changes().abandoned()) {
            tell(Event.Level.WARNING, target.tftp().resolve(left) + " was changed by hand: left where it is");
        }
        return outcome;
    }

    /** What is wrong with one machine's kernel must not keep others from what they boot. */
    private void lookAtKernels(StageTarget target) {
        for (ClientRecord client : readableClients()) {
            try {
                if (target.roots().contains(client.root())) {
                    kernels.look(client);
                }
            } catch (Failure failure) {
                if (failure.kind() == FailureKind.INTERRUPTED) {
                    throw failure;
                }
                tell(
                        Event.Level.WARNING,
                        "the kernel of " + KnownClient.named(client) + " stays as it was: " + failure.getMessage());
            }
        }
    }

    /** The others are told of when they are to be staged. */
    private List<ClientRecord> readableClients() {
        List<ClientRecord> clients = new ArrayList<>();
        for (Path file : files.clientFiles()) {
            try {
                clients.add(files.client(file));
            } catch (Failure damaged) {
                continue;
            }
        }
        return clients;
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
        return settings.map(StageRequest::again).map(request -> lasting(request, settle(request)));
    }

    /** {@return how far the boot tree that was last asked for has what clients are to boot} */
    StagedMenus menus() {
        return StagedMenus.of(state);
    }

    /**
     * Makes the image that a machine is to hold in memory, or looks whether it can be made when nothing was staged yet.
     *
     * @throws Failure as {@link ImageSource#get}
     */
    void prepareImage(Generation generation) {
        BootPlanner.requireNothingKept(StagedGeneration.of(generation, files.manifest(generation)));
        if (files.stageSettings().isPresent()) {
            images.get(generation);
        } else {
            images.planned(generation);
        }
    }

    /**
     * Stages again as last asked for, behind what is done already, or was done before by a command that was killed just
     * then. What is in order is only looked at.
     *
     * @param done what stays as it is if this fails
     * @throws Failure of kind {@code FAILED} whatever the reason, because what was asked for was right, and asking again is
     *     not the cure; or {@code INTERRUPTED}
     */
    Optional<StageOutcome> restageBehind(String done) {
        try {
            return restage();
        } catch (Failure failure) {
            throw Failure.of(
                            failure.kind() == FailureKind.INTERRUPTED ? failure.kind() : FailureKind.FAILED,
                            done + ", but not staged: " + failure.getMessage(),
                            failure.hint(),
                            failure)
                    .withDetails(failure.details());
        }
    }

    private StageTarget settle(StageRequest request) {
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
        if (request.httpPort().isPresent()
                && (request.httpPort().getAsInt() < 1 || request.httpPort().getAsInt() > 65_535)) {
            throw Failure.of(
                    FailureKind.USAGE,
                    "the HTTP port " + request.httpPort().getAsInt() + " is not between 1 and 65535",
                    "");
        }
        if (request.nfsPort() < 1 || request.nfsPort() > 65_535) {
            throw Failure.of(
                    FailureKind.USAGE, "the NFS port " + request.nfsPort() + " is not between 1 and 65535", "");
        }
        boolean named = !request.roots().isEmpty();
        List<String> roots = named ? request.roots().stream().distinct().toList() : generations.roots();
        if (named) {
            roots.forEach(generations::require);
        }
        if (roots.isEmpty()) {
            throw Failure.of(
                    FailureKind.USAGE,
                    "there is no root to stage in " + state.path(),
                    "build one first: nbroot build profiles/bookworm.yaml");
        }
        request.defaultRoot().filter(root -> !roots.contains(root)).ifPresent(root -> {
            throw Failure.of(
                    FailureKind.USAGE,
                    "--default " + root + " is not among the roots to stage",
                    "these are staged: " + String.join(", ", roots));
        });
        return new StageTarget(
                roots, named, tftp, server, request.defaultRoot(), request.nfsPort(), request.httpPort());
    }

    private StageOutcome outcome(
            StageTarget target, StagePlanning.Planned planned, TreeChanges changes, boolean dryRun) {
        return new StageOutcome(
                target.tftp(), target.server().toString(), planned.plan(), planned.clients(), changes, dryRun);
    }

    /** A user who may only read the state directory can stage into a tree of his own; it is just not remembered. */
    private void remember(StageRequest request, StageTarget target) {
        StageSettings settings = new StageSettings(
                target.tftp(),
                target.server().toString(),
                request.roots(),
                request.defaultRoot(),
                request.nfsPort(),
                request.httpPort());
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

    /**
     * What they made current is in the boot tree now, and who staged knows. Not so when a server or another command staged
     * behind a rollback that was killed: whoever asked for that is still to ask for the same again.
     */
    private void forgetRollbacks(StageTarget target, StageOutcome outcome) {
        if (Files.isWritable(state.path())) {
            target.roots().stream()
                    .filter(root ->
                            generations.current(root).filter(outcome::names).isPresent())
                    .forEach(root -> new BegunRollback(state, root).forget());
        }
    }

    private void tell(Event.Level level, String text) {
        events.on(new Event.Notice(level, text));
    }
}
