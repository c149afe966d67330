package dev.nbroot.command;

import dev.nbroot.build.FileOwners;
import dev.nbroot.client.KeptContents;
import dev.nbroot.client.ResetPlan;
import dev.nbroot.client.ViewChanges;
import dev.nbroot.report.Event;
import dev.nbroot.report.Events;
import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import dev.nbroot.state.ClientRecord;
import dev.nbroot.state.Generation;
import dev.nbroot.state.KeptDirectories;
import dev.nbroot.state.StateDirectory;
import dev.nbroot.state.StateFiles;
import dev.nbroot.system.Host;
import dev.nbroot.system.PosixFiles;
import dev.nbroot.system.StateLock;
import dev.nbroot.system.tree.EntryPath;
import dev.nbroot.system.tree.TreeChange;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** {@code nbroot reset}: takes back what a machine has changed; its identity stays. */
public final class ResetClient {
    private static final String STEP = "reset";

    private final StateDirectory state;
    private final StateFiles files;
    private final Host host;
    private final ViewChanges changes;
    private final StageBootTree stage;
    private final Events events;
    private final ResetKept kept;

    /**
     * Resets clients of one state directory.
     *
     * @param contents of what stateless ones keep
     * @param stage updates the boot tree afterwards: what was taken back may be a kernel
     */
    public ResetClient(
            StateDirectory state,
            Host host,
            ViewChanges changes,
            KeptContents contents,
            PosixFiles posix,
            StageBootTree stage,
            Events events) {
        this.kept = new ResetKept(state, new KeptChanges(state, posix, names -> {}), contents, events);
        this.state = state;
        this.files = new StateFiles(state);
        this.host = host;
        this.changes = changes;
        this.stage = stage;
        this.events = events;
    }

    /**
     * Resets.
     *
     * @throws Failure of kind {@code USAGE} when there is no such client, it has nothing of its own here, or a path was not changed; {@code
     *     LOCKED} when the machine is on. The machine's view is then as it was, as at any failure
     */
    public ResetOutcome run(ResetRequest request) {
        Set<EntryPath> paths = new TreeSet<>();
        request.paths().forEach(path -> paths.add(parsed(path)));
        ClientRecord client = KnownClient.find(files, request.mac());
        if (!new KeptDirectories(state).all(client.mac()).isEmpty()) {
            host.requireRoot("change what a machine keeps");
            return kept.run(
                    client, paths.stream().map(path -> Path.of(path.shown())).toList());
        }
        KnownClient.requirePersistent(client);
        host.requireRoot("change a machine's view");
        StateLock lock = KnownClient.lock(state, client);
        try {
            Generation generation = state.generation(client.root(), client.generation());
            events.on(new Event.StepStarted(
                    STEP, "Take back what " + client.hostname() + " has changed in " + generation.label()));
            long begin = System.nanoTime();
            // What was written by file handles alone is under its name only when the view has been opened.
            changes.views().openOff(client).close();
            List<TreeChange> found = changes.of(client);
            ResetPlan plan = ResetPlan.of(found, paths);
            for (EntryPath path : paths) {
                requireChanged(plan, path, client);
            }
            if (plan.kept().isEmpty()) {
                changes.drop(client, generation, found);
            } else {
                changes.carry(client, generation, found, plan.kept());
            }
            events.on(new Event.StepFinished(STEP, Duration.ofNanos(System.nanoTime() - begin), false));
            stage.restageBehind(client.hostname() + " was reset");
            FileOwners owners = FileOwners.of(generation.tree());
            return new ResetOutcome(
                    client.mac().colons(),
                    client.hostname(),
                    generation.label(),
                    FileChanges.of(plan.dropped(), owners, owners),
                    plan.kept().size());
        } finally {
            lock.close();
        }
    }

    private static EntryPath parsed(String path) {
        String text = path.replaceAll("/+", "/").replaceFirst("(?<=.)/$", "");
        if (!text.startsWith("/") || text.matches(".*/\\.{1,2}(/.*)?")) {
            throw Failure.of(
                    FailureKind.USAGE,
                    "'" + path + "' is not an absolute path in the machine",
                    "write it as the machine sees it, as in /etc/motd");
        }
        return EntryPath.of(text);
    }

    private static void requireChanged(ResetPlan plan, EntryPath path, ClientRecord client) {
        if (plan.dropped().stream().noneMatch(change -> change.path().isIn(path) || path.isIn(change.path()))) {
            throw Failure.of(
                    FailureKind.USAGE,
                    client.hostname() + " has not changed " + path.shown(),
                    "what it has changed: nbroot diff " + client.option());
        }
    }
}
