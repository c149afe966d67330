package dev.nbroot.client;

import dev.nbroot.system.tree.EntryPath;
import dev.nbroot.system.tree.TreeChange;
import dev.nbroot.system.tree.TreeEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Whether what a machine has changed can be carried to another generation. A change fights when nobody can say what the
 * path should be then:
 *
 * <ul>
 *   <li>the machine and the new generation have changed it, and not to the same;
 *   <li>the machine has it in a directory that the new generation has no more, or has changed something in a directory
 *       that the machine has no more;
 *   <li>it belongs to the package database, which is one thing, and both have changed that.
 * </ul>
 *
 * @param carried what is to be carried, sorted by path
 * @param settled what the new generation has already
 * @param fights what cannot be carried, sorted by path; the plan must not be performed unless there is none
 */
public record RebasePlan(List<TreeChange> carried, List<TreeChange> settled, List<Fight> fights) {
    /** dpkg's database: its files make sense only together. */
    static final EntryPath PACKAGES = EntryPath.of("/var/lib/dpkg");

    /** Held while dpkg works, empty; their times say nothing. */
    private static final Set<String> LOCKS =
            Set.of("var/lib/dpkg/lock", "var/lib/dpkg/lock-frontend", "var/lib/dpkg/triggers/Lock");

    /**
     * A path that nobody but a person can decide about.
     *
     * @param machine what the machine did to it, as in {@code changed}
     * @param root what the new generation did to it
     */
    public record Fight(EntryPath path, String machine, String root) {}

    /** Copies the lists. */
    public RebasePlan {
        carried = List.copyOf(carried);
        settled = List.copyOf(settled);
        fights = List.copyOf(fights);
    }

    /**
     * Plans.
     *
     * @param machine what the machine has changed in its generation, its identity not counted
     * @param root in what the new generation differs from that one
     * @param left in what the machine's layer, over the new generation, would differ from it: a path that is not here is
     *     the same in both
     * @param elsewhere those of the machine's paths that its layer has under another name of the same file only: about them
     *     {@code left} says nothing
     */
    public static RebasePlan of(
            List<TreeChange> machine, List<TreeChange> root, List<TreeChange> left, Set<EntryPath> elsewhere) {
        Map<EntryPath, TreeChange> mine = byPath(machine);
        Map<EntryPath, TreeChange> theirs = byPath(root);
        Set<EntryPath> different = left.stream().map(TreeChange::path).collect(Collectors.toSet());
        different.addAll(unlike(mine, theirs, different, elsewhere));
        TreeMap<EntryPath, Fight> fights = new TreeMap<>();
        List<TreeChange> carried = new ArrayList<>();
        List<TreeChange> settled = new ArrayList<>();
        boolean packages = packagesFight(mine, theirs, different);
        if (packages) {
            fights.put(PACKAGES, new Fight(PACKAGES, "other packages", "other packages"));
        }
        for (TreeChange change : machine) {
            EntryPath path = change.path();
            TreeChange other = theirs.get(path);
            if (packages && path.isIn(PACKAGES)) {
                continue;
            }
            if (other != null && !different.contains(path)) {
                settled.add(change);
            } else if (other != null) {
                fights.put(path, new Fight(path, did(change), did(other)));
            } else if (change.after().isPresent() && hasLost(theirs, path)) {
                fights.put(path, new Fight(path, did(change), "removed the directory it is in"));
            } else {
                carried.add(change);
            }
        }
        for (TreeChange change : root) {
            EntryPath path = change.path();
            boolean counted = fights.containsKey(path) || packages && path.isIn(PACKAGES);
            if (!counted && change.after().isPresent() && hasLost(mine, path)) {
                fights.put(path, new Fight(path, "removed the directory it is in", did(change)));
            }
        }
        return new RebasePlan(carried, settled, List.copyOf(fights.values()));
    }

    private static Map<EntryPath, TreeChange> byPath(List<TreeChange> changes) {
        return changes.stream().collect(Collectors.toMap(TreeChange::path, Function.identity()));
    }

    /** {@return those names that are not, on both sides, names of one file that is the same on both under another name} */
    private static Set<EntryPath> unlike(
            Map<EntryPath, TreeChange> mine,
            Map<EntryPath, TreeChange> theirs,
            Set<EntryPath> different,
            Set<EntryPath> elsewhere) {
        Set<Set<TreeEntry.FileId>> same = mine.keySet().stream()
                .filter(path -> !elsewhere.contains(path) && !different.contains(path))
                .map(path -> files(path, mine, theirs))
                .collect(Collectors.toSet());
        return elsewhere.stream()
                .filter(path -> !same.contains(files(path, mine, theirs)))
                .collect(Collectors.toSet());
    }

    /** {@return the file that a name is on the machine, and what it is in the new generation if that has changed it} */
    private static Set<TreeEntry.FileId> files(
            EntryPath path, Map<EntryPath, TreeChange> mine, Map<EntryPath, TreeChange> theirs) {
        return Stream.of(mine, theirs)
                .flatMap(changes -> Stream.ofNullable(changes.get(path)))
                .flatMap(change -> change.after().stream())
                .map(TreeEntry::id)
                .collect(Collectors.toSet());
    }

    private static boolean packagesFight(
            Map<EntryPath, TreeChange> mine, Map<EntryPath, TreeChange> theirs, Set<EntryPath> different) {
        Set<EntryPath> ofMine = packagePaths(mine);
        Set<EntryPath> ofTheirs = packagePaths(theirs);
        return !ofMine.isEmpty()
                && !ofTheirs.isEmpty()
                && !(ofMine.equals(ofTheirs) && ofMine.stream().noneMatch(different::contains));
    }

    private static Set<EntryPath> packagePaths(Map<EntryPath, TreeChange> changes) {
        return changes.keySet().stream()
                .filter(path -> path.isIn(PACKAGES) && !LOCKS.contains(path.bytes()))
                .collect(Collectors.toSet());
    }

    /** {@return whether a directory above a path was removed, or is something else now} */
    private static boolean hasLost(Map<EntryPath, TreeChange> changes, EntryPath path) {
        for (EntryPath above = path.parent(); !above.equals(EntryPath.TOP); above = above.parent()) {
            TreeChange change = changes.get(above);
            if (change != null && (change.after().isEmpty() || change.aspects().contains(TreeChange.Aspect.TYPE))) {
                return true;
            }
        }
        return false;
    }

    private static String did(TreeChange change) {
        return change.before().isEmpty() ? "added" : change.after().isEmpty() ? "removed" : "changed";
    }
}
