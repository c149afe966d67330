package dev.nbroot.command;

import dev.nbroot.build.FileOwners;
import dev.nbroot.state.Generation;
import dev.nbroot.state.KeptDirectory;
import dev.nbroot.state.StateDirectory;
import dev.nbroot.state.TemporaryDirectory;
import dev.nbroot.system.PosixFiles;
import dev.nbroot.system.TreePath;
import dev.nbroot.system.tree.TreeComparison;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;

/**
 * In what directories that the server keeps for a client differ from what a generation has at their paths.
 *
 * @param state whose cache has room for an empty directory
 * @param posix reads trees
 * @param seen is told how many names were looked at, now and then
 */
record KeptChanges(StateDirectory state, PosixFiles posix, LongConsumer seen) {
    /** {@return what is not as in the generation; where that has no such directory, everything is added} */
    List<DiffOutcome.FileChange> of(List<KeptDirectory> directories, Generation generation) {
        FileOwners owners = FileOwners.of(generation.tree());
        List<DiffOutcome.FileChange> changes = new ArrayList<>();
        for (KeptDirectory kept : directories) {
            changes.addAll(of(kept, TreePath.resolve(generation.tree(), kept.path()), owners));
        }
        return changes;
    }

    private List<DiffOutcome.FileChange> of(KeptDirectory kept, Path before, FileOwners owners) {
        if (Files.isDirectory(before)) {
            return FileChanges.below(
                    kept.path(), new TreeComparison(posix, seen).compare(before, kept.directory()), owners);
        }
        try (TemporaryDirectory nothing = TemporaryDirectory.make(state, "nothing")) {
            // What that one itself is like is nobody's change.
            return of(kept, nothing.path(), owners).stream()
                    .filter(change -> !change.path().equals(kept.path().toString()))
                    .toList();
        }
    }
}
