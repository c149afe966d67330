package dev.nbroot.command;

import dev.nbroot.build.DpkgDatabase;
import dev.nbroot.build.FileOwners;
import dev.nbroot.report.Event;
import dev.nbroot.report.Events;
import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import dev.nbroot.state.Generation;
import dev.nbroot.state.Generations;
import dev.nbroot.state.StateDirectory;
import dev.nbroot.state.StateFiles;
import dev.nbroot.system.PosixFiles;
import dev.nbroot.system.tree.TreeChange;
import dev.nbroot.system.tree.TreeComparison;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** {@code nbroot diff}: says in what two generations of a root differ. Changes nothing. */
public final class DiffGenerations {
    private static final String STEP = "compare";
    private static final String CURRENT = "current";

    private final Generations generations;
    private final StateFiles files;
    private final PosixFiles posix;
    private final Events events;

    /** Compares within one state directory. */
    public DiffGenerations(StateDirectory state, PosixFiles posix, Events events) {
        this.generations = new Generations(state);
        this.files = new StateFiles(state);
        this.posix = posix;
        this.events = events;
    }

    /**
     * Compares.
     *
     * @throws Failure of kind {@code USAGE} when there is no such root or generation; {@code INVALID_INPUT} when a
     *     manifest cannot be understood; else as {@link TreeComparison#compare}
     */
    public DiffOutcome run(DiffRequest request) {
        Generation before = find(request.root(), request.from());
        Generation after = find(request.root(), request.to().orElse(CURRENT));
        events.on(new Event.StepStarted(STEP, "Compare " + before.label() + " with " + after.label()));
        long begin = System.nanoTime();
        DiffOutcome.Packages packages = PackageChanges.between(
                files.manifest(before), DpkgDatabase.installed(before.tree()),
                files.manifest(after), DpkgDatabase.installed(after.tree()));
        List<DiffOutcome.FileChange> changes = fileChanges(before.tree(), after.tree());
        events.on(new Event.StepFinished(STEP, Duration.ofNanos(System.nanoTime() - begin), false));
        return new DiffOutcome(
                request.root(),
                before.number(),
                Optional.of(after.number()),
                Optional.empty(),
                packages,
                changes,
                FileChanges.totals(packages, changes));
    }

    private Generation find(String root, String text) {
        List<Generation> all = generations.all(root);
        if (text.equals(CURRENT) || all.isEmpty()) {
            return generations.require(root);
        }
        return all.stream()
                .filter(generation -> Integer.toString(generation.number()).equals(text))
                .findFirst()
                .orElseThrow(() -> Failure.of(
                        FailureKind.USAGE,
                        "the root " + root + " has no generation '" + text + "'",
                        "it has: "
                                + all.stream()
                                        .map(generation -> Integer.toString(generation.number()))
                                        .collect(Collectors.joining(", "))
                                + "; or write " + CURRENT));
    }

    private List<DiffOutcome.FileChange> fileChanges(Path before, Path after) {
        List<TreeChange> changes = new TreeComparison(posix, this::tell).compare(before, after);
        return FileChanges.of(changes, FileOwners.of(before), FileOwners.of(after));
    }

    private void tell(long names) {
        Event.Items items = new Event.Items("names", names, Optional.empty());
        events.on(new Event.Progress(STEP, "", Optional.empty(), Optional.of(items)));
    }
}
