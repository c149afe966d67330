package dev.nbroot.system.tree;

import dev.nbroot.report.Failure;
import dev.nbroot.system.PosixFiles;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Future;

/**
 * Writes down a tree so that two trees are alike exactly when their records are: names, types, modes, owners, device
 * numbers, link targets, extended attributes (file capabilities and access control lists are some of them), contents,
 * times to the nanosecond, and which names are one file. {@link TreeRecord} has the form.
 *
 * <p>Left out is what no copy can keep: inode numbers, times of access and of inode changes, sizes of directories,
 * holes in files. Links from outside the tree do not count either.
 */
public final class TreeDigest {
    private final PosixFiles posix;

    /** Reads trees by these calls. */
    public TreeDigest(PosixFiles posix) {
        this.posix = posix;
    }

    /**
     * Reads a whole tree, once, contents on all cores.
     *
     * @param tree a directory, no symbolic link to one
     * @throws Failure of kind {@code FAILED} at an I/O error, at a mount in the tree, and when a file changes its size
     *     meanwhile; {@code HOST} when something may not be read; {@code INTERRUPTED} when the thread is interrupted
     */
    public TreeRecord of(Path tree) {
        try (ContentReaders readers = new ContentReaders(posix);
                OpenDirectory top = OpenDirectory.top(posix, tree)) {
            Walk walk = new Walk(readers);
            walk.line(top.itself(), top, ".");
            walk.below(top);
            return new TreeRecord(walk.lines.stream().map(Line::text).toList());
        }
    }

    private record Line(TreeEntry entry, Optional<Future<String>> hash, Optional<EntryPath> firstName) {
        String text() {
            return TreeRecord.line(entry, hash.map(ContentReaders::get), firstName);
        }
    }

    private static final class Walk {
        private final ContentReaders readers;
        private final List<Line> lines = new ArrayList<>();
        private final Map<TreeEntry.FileId, Line> linked = new HashMap<>();

        Walk(ContentReaders readers) {
            this.readers = readers;
        }

        void below(OpenDirectory directory) {
            for (String name : directory.names()) {
                TreeEntry entry = directory.entry(name);
                line(entry, directory, name);
                if (entry.isDirectory()) {
                    try (OpenDirectory child = directory.open(name)) {
                        below(child);
                    }
                }
            }
        }

        void line(TreeEntry entry, OpenDirectory directory, String name) {
            Line first = linked.get(entry.id());
            if (first != null) {
                lines.add(
                        new Line(entry, first.hash(), Optional.of(first.entry().path())));
                return;
            }
            Line line = new Line(entry, hash(entry, directory, name), Optional.empty());
            if (entry.links() > 1 && !entry.isDirectory()) {
                linked.put(entry.id(), line);
            }
            lines.add(line);
        }

        private Optional<Future<String>> hash(TreeEntry entry, OpenDirectory directory, String name) {
            return entry.isFile()
                    ? Optional.of(readers.hash(directory.openFile(name), entry, directory.calls()))
                    : Optional.empty();
        }
    }
}
