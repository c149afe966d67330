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
import dev.nbroot.system.tree.EntryType;
import dev.nbroot.system.tree.TreeChange;
import dev.nbroot.system.tree.TreeComparison;
import dev.nbroot.system.tree.TreeEntry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

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
                request.root(), before.number(), after.number(), packages, changes, totals(packages, changes));
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
        FileOwners ownersBefore = FileOwners.of(before);
        FileOwners ownersAfter = FileOwners.of(after);
        return new TreeComparison(posix, this::tell)
                .compare(before, after).stream()
                        .map(change -> fileChange(
                                change, ownersAfter.of(change.path()).or(() -> ownersBefore.of(change.path()))))
                        .toList();
    }

    private void tell(long names) {
        Event.Items items = new Event.Items("names", names, Optional.empty());
        events.on(new Event.Progress(STEP, "", Optional.empty(), Optional.of(items)));
    }

    private static DiffOutcome.FileChange fileChange(TreeChange change, Optional<String> owner) {
        String kind = change.before().isEmpty() ? "added" : change.after().isEmpty() ? "removed" : "changed";
        return new DiffOutcome.FileChange(
                change.path().shown(),
                kind,
                change.aspects().stream()
                        .map(aspect -> aspect.name().toLowerCase(Locale.ROOT))
                        .toList(),
                owner,
                change.before().map(DiffGenerations::state),
                change.after().map(DiffGenerations::state));
    }

    private static DiffOutcome.State state(TreeEntry entry) {
        return new DiffOutcome.State(
                entry.type().word(),
                String.format(Locale.ROOT, "%04o", entry.mode()),
                Integer.toUnsignedLong(entry.uid()),
                Integer.toUnsignedLong(entry.gid()),
                entry.size(),
                entry.type() == EntryType.LINK ? Optional.of(entry.shownTarget()) : Optional.empty());
    }

    private static DiffOutcome.Totals totals(DiffOutcome.Packages packages, List<DiffOutcome.FileChange> files) {
        long installed = Stream.of(packages.added(), packages.removed(), packages.upgraded(), packages.downgraded())
                .flatMap(List::stream)
                .mapToLong(DiffOutcome.PackageChange::growth)
                .sum();
        return new DiffOutcome.Totals(
                count(files, "added"),
                count(files, "removed"),
                count(files, "changed"),
                files.stream().mapToLong(DiffOutcome.FileChange::growth).sum(),
                installed);
    }

    private static int count(List<DiffOutcome.FileChange> files, String change) {
        return (int) files.stream().filter(file -> file.change().equals(change)).count();
    }
}
