package dev.nbroot.command;

import dev.nbroot.build.DpkgDatabase;
import dev.nbroot.build.FileOwners;
import dev.nbroot.report.Event;
import dev.nbroot.report.Events;
import dev.nbroot.report.Failure;
import dev.nbroot.state.ClientRecord;
import dev.nbroot.state.Generation;
import dev.nbroot.state.Generations;
import dev.nbroot.state.KeptDirectories;
import dev.nbroot.state.KeptDirectory;
import dev.nbroot.state.StateDirectory;
import dev.nbroot.state.StateFiles;
import dev.nbroot.system.PosixFiles;
import dev.nbroot.system.tree.TreeChange;
import dev.nbroot.system.tree.TreeComparison;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** {@code nbroot diff --mac}: says in what a machine's view differs from its generation. Changes nothing. */
public final class DiffClient {
    private static final String STEP = "compare";
    private static final Path DPKG_STATUS = Path.of("var/lib/dpkg/status");

    private final StateDirectory state;
    private final StateFiles files;
    private final PosixFiles posix;
    private final Events events;

    /** Compares within one state directory. */
    public DiffClient(StateDirectory state, PosixFiles posix, Events events) {
        this.state = state;
        this.files = new StateFiles(state);
        this.posix = posix;
        this.events = events;
    }

    /**
     * Compares. The machine may be on: then it is told what was there when it was looked at.
     *
     * @param mac any usual spelling
     * @throws Failure of kind {@code USAGE} when there is no such client, or it has nothing of its own here; else as
     *     {@link TreeComparison#compareLayer}
     */
    public DiffOutcome run(String mac) {
        ClientRecord client = KnownClient.find(files, mac);
        List<KeptDirectory> kept = new KeptDirectories(state).all(client.mac());
        if (!kept.isEmpty()) {
            return compare(client, kept);
        }
        KnownClient.requirePersistent(client);
        Generation generation = state.generation(client.root(), client.generation());
        Path upper = state.client(client.mac()).resolve("upper");
        events.on(new Event.StepStarted(STEP, "Compare " + client.hostname() + " with " + generation.label()));
        long begin = System.nanoTime();
        List<TreeChange> found = new TreeComparison(posix, this::tell)
                .compareLayer(generation.tree(), upper, upper.resolveSibling("work/index"));
        List<DiffOutcome.FileChange> changes =
                FileChanges.of(found, FileOwners.of(generation.tree()), FileOwners.ofLayer(upper, generation.tree()));
        DiffOutcome.Packages packages = packages(generation.tree(), upper);
        events.on(new Event.StepFinished(STEP, Duration.ofNanos(System.nanoTime() - begin), false));
        return new DiffOutcome(
                client.root(),
                client.generation(),
                Optional.empty(),
                Optional.of(new DiffOutcome.Client(client.mac().colons(), client.hostname())),
                packages,
                changes,
                FileChanges.totals(packages, changes));
    }

    /** With what the generation has that a stateless client boots next. */
    private DiffOutcome compare(ClientRecord client, List<KeptDirectory> kept) {
        Generation generation = new Generations(state).bootedBy(client);
        events.on(
                new Event.StepStarted(STEP, "Compare what " + client.hostname() + " keeps with " + generation.label()));
        long begin = System.nanoTime();
        List<DiffOutcome.FileChange> changes = new KeptChanges(state, posix, this::tell).of(kept, generation);
        DiffOutcome.Packages none = new DiffOutcome.Packages(List.of(), List.of(), List.of(), List.of());
        events.on(new Event.StepFinished(STEP, Duration.ofNanos(System.nanoTime() - begin), false));
        return new DiffOutcome(
                client.root(),
                generation.number(),
                Optional.empty(),
                Optional.of(new DiffOutcome.Client(client.mac().colons(), client.hostname())),
                none,
                changes,
                FileChanges.totals(none, changes));
    }

    /** dpkg writes its database anew at each change (dpkg(1)), so the upper layer has all of it or nothing. */
    private static DiffOutcome.Packages packages(Path lower, Path upper) {
        boolean changed = Files.isRegularFile(upper.resolve(DPKG_STATUS), LinkOption.NOFOLLOW_LINKS);
        return PackageChanges.between(DpkgDatabase.installed(lower), DpkgDatabase.installed(changed ? upper : lower));
    }

    private void tell(long names) {
        Event.Items items = new Event.Items("names", names, Optional.empty());
        events.on(new Event.Progress(STEP, "", Optional.empty(), Optional.of(items)));
    }
}
