package dev.nbroot.stage;

import java.nio.file.Path;
import java.util.List;

/**
 * What staging changes, as paths relative to the tree.
 *
 * @param written new or replaced
 * @param removed ours, and named by no menu for long enough
 * @param waiting ours, named by no menu, kept a while for machines that are just booting
 * @param abandoned once ours, changed by somebody, not wanted any more: left where it is
 */
public record TreeChanges(List<Path> written, List<Path> removed, List<Path> waiting, List<Path> abandoned) {
    /** Copies the lists. */
    public TreeChanges {
        written = List.copyOf(written);
        removed = List.copyOf(removed);
        waiting = List.copyOf(waiting);
        abandoned = List.copyOf(abandoned);
    }
}
