package dev.nbroot.command;

import dev.nbroot.build.FileOwners;
import dev.nbroot.system.tree.EntryPath;
import dev.nbroot.system.tree.EntryType;
import dev.nbroot.system.tree.TreeChange;
import dev.nbroot.system.tree.TreeEntry;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** What changed in a tree, in the words of {@code diff}. */
final class FileChanges {
    private FileChanges() {}

    /**
     * {@return them, in the same order}
     *
     * @param before whose files they were
     * @param after whose files they are
     */
    static List<DiffOutcome.FileChange> of(List<TreeChange> changes, FileOwners before, FileOwners after) {
        return changes.stream()
                .map(change -> of(change, after.of(change.path()).or(() -> before.of(change.path()))))
                .toList();
    }

    /**
     * {@return changes of a tree that lies at some path of a root}
     *
     * @param owners whose files they are in that root
     */
    static List<DiffOutcome.FileChange> below(Path top, List<TreeChange> changes, FileOwners owners) {
        EntryPath above = EntryPath.of(top.toString());
        return changes.stream()
                .map(change -> {
                    String inside = change.path().bytes();
                    EntryPath path = inside.isEmpty() ? above : above.child(inside);
                    DiffOutcome.FileChange shown = of(change, owners.of(path));
                    return new DiffOutcome.FileChange(
                            path.shown(), shown.change(), shown.what(), shown.ofPackage(), shown.from(), shown.to());
                })
                .toList();
    }

    private static DiffOutcome.FileChange of(TreeChange change, Optional<String> owner) {
        String kind = change.before().isEmpty() ? "added" : change.after().isEmpty() ? "removed" : "changed";
        return new DiffOutcome.FileChange(
                change.path().shown(),
                kind,
                change.aspects().stream()
                        .map(aspect -> aspect.name().toLowerCase(Locale.ROOT))
                        .toList(),
                owner,
                change.before().map(FileChanges::state),
                change.after().map(FileChanges::state));
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

    static DiffOutcome.Totals totals(DiffOutcome.Packages packages, List<DiffOutcome.FileChange> files) {
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
