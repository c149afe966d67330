package dev.nbroot.client;

import dev.nbroot.system.tree.EntryPath;
import dev.nbroot.system.tree.TreeChange;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Which changes of a machine are taken back and which stay.
 *
 * @param dropped what shall be as in the generation again
 * @param kept what stays
 */
public record ResetPlan(List<TreeChange> dropped, List<TreeChange> kept) {
    /** Copies the lists. */
    public ResetPlan {
        dropped = List.copyOf(dropped);
        kept = List.copyOf(kept);
    }

    /**
     * {@return the plan}
     *
     * <p>A path brings back the directories above it that the machine has deleted or replaced, but nothing else that was in
     * them.
     *
     * @param delta what the machine has changed, its identity not counted
     * @param paths what to take back, with all below; none means everything
     */
    public static ResetPlan of(List<TreeChange> delta, Set<EntryPath> paths) {
        List<TreeChange> dropped = new ArrayList<>();
        List<TreeChange> kept = new ArrayList<>();
        for (TreeChange change : delta) {
            boolean drop = paths.isEmpty()
                    || paths.stream()
                            .anyMatch(
                                    path -> change.path().isIn(path) || isInTheWay(change) && path.isIn(change.path()));
            (drop ? dropped : kept).add(change);
        }
        return new ResetPlan(dropped, kept);
    }

    /** Where there is no directory, nothing comes back into it. */
    private static boolean isInTheWay(TreeChange change) {
        return change.after().isEmpty() || change.aspects().contains(TreeChange.Aspect.TYPE);
    }
}
