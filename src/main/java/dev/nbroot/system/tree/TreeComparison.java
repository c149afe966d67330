package dev.nbroot.system.tree;

import dev.nbroot.report.Failure;
import dev.nbroot.system.PosixFiles;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Future;
import java.util.function.LongConsumer;

/**
 * Says in what two trees differ, walking both at once.
 *
 * <p>Files of one size are compared byte by byte, also when their times are equal: a build sets the times of what it
 * makes to one instant, so equal times prove nothing. The times themselves are not compared: nearly every file of a new
 * build has new ones, which would hide what matters. Nor is it compared which names are one file.
 */
public final class TreeComparison {
    private final PosixFiles posix;
    private final LongConsumer seen;

    /**
     * Reads trees by these calls.
     *
     * @param seen is told how many names were looked at, now and then
     */
    public TreeComparison(PosixFiles posix, LongConsumer seen) {
        this.posix = posix;
        this.seen = seen;
    }

    /**
     * Compares.
     *
     * @return what changed, sorted by path
     * @throws Failure as {@link TreeDigest#of} does
     */
    public List<TreeChange> compare(Path before, Path after) {
        try (ContentReaders readers = new ContentReaders(posix);
                OpenDirectory one = OpenDirectory.top(posix, before);
                OpenDirectory other = OpenDirectory.top(posix, after)) {
            Walk walk = new Walk(readers);
            walk.compare(new Place(one, "."), one.itself(), new Place(other, "."), other.itself());
            walk.both(one, other);
            return walk.changes();
        }
    }

    /**
     * Compares a tree with what an overlay over it shows, by its upper layer alone: only what was copied up or deleted
     * is looked at. Whoever has the overlay open may go on working in it; what is changed meanwhile may be missed.
     *
     * @param lower the tree below
     * @param upper the overlay's upper layer (kernel Documentation/filesystems/overlayfs.rst, "whiteouts and opaque
     *     directories")
     * @param index what the overlay keeps of files with several names below; need not exist
     * @return what the overlay shows otherwise, sorted by path
     * @throws Failure as {@link #compare}; of kind {@code FAILED} too when the layer has renamed directories, which
     *     nbroot's own overlays never have
     */
    public List<TreeChange> compareLayer(Path lower, Path upper, Path index) {
        return compareLayer(lower, upper, OverlayIndex.open(posix, index));
    }

    /** As {@link #compareLayer(Path, Path, Path)}, but only what the layer itself has a name for. */
    public List<TreeChange> compareLayer(Path lower, Path upper) {
        return compareLayer(lower, upper, OverlayIndex.none());
    }

    private List<TreeChange> compareLayer(Path lower, Path upper, OverlayIndex indexed) {
        try (indexed;
                ContentReaders readers = new ContentReaders(posix);
                OpenDirectory one = OpenDirectory.top(posix, lower);
                OpenDirectory other = OpenDirectory.top(posix, upper)) {
            Walk walk = new Walk(readers);
            walk.compare(new Place(one, "."), one.itself(), new Place(other, "."), UpperLayer.shown(other.itself()));
            walk.layer(one, other, false, indexed);
            return walk.changes();
        }
    }

    /** A name in a directory that is open. */
    private record Place(OpenDirectory directory, String name) {}

    /** A change that may turn out to be none when the contents have been read. */
    private record Candidate(TreeChange change, Optional<Future<Boolean>> same) {
        Optional<TreeChange> settled() {
            if (same.isEmpty() || ContentReaders.get(same.get())) {
                boolean isChange = change.before().isEmpty()
                        || change.after().isEmpty()
                        || !change.aspects().isEmpty();
                return isChange ? Optional.of(change) : Optional.empty();
            }
            Set<TreeChange.Aspect> aspects = EnumSet.of(TreeChange.Aspect.CONTENT);
            aspects.addAll(change.aspects());
            return Optional.of(new TreeChange(change.before(), change.after(), aspects));
        }
    }

    /** Which two files were compared: hard links need it only once. */
    private record Pair(TreeEntry.FileId one, TreeEntry.FileId other) {}

    private final class Walk {
        private static final long TOLD_EVERY = 1000;

        private final ContentReaders readers;
        private final List<Candidate> candidates = new ArrayList<>();
        private final Map<Pair, Future<Boolean>> compared = new HashMap<>();
        private long looked;

        Walk(ContentReaders readers) {
            this.readers = readers;
        }

        List<TreeChange> changes() {
            return candidates.stream()
                    .flatMap(candidate -> candidate.settled().stream())
                    .toList();
        }

        /** Merges two sorted lists of names. */
        void both(OpenDirectory one, OpenDirectory other) {
            List<String> names = one.names();
            List<String> otherNames = other.names();
            int i = 0;
            int j = 0;
            while (i < names.size() || j < otherNames.size()) {
                int order = i == names.size()
                        ? 1
                        : j == otherNames.size() ? -1 : names.get(i).compareTo(otherNames.get(j));
                if (order < 0) {
                    only(one, names.get(i++), false);
                } else if (order > 0) {
                    only(other, otherNames.get(j++), true);
                } else {
                    inBoth(one, other, names.get(i++));
                    j++;
                }
            }
        }

        private void inBoth(OpenDirectory one, OpenDirectory other, String name) {
            TreeEntry before = one.entry(name);
            TreeEntry after = other.entry(name);
            compare(new Place(one, name), before, new Place(other, name), after);
            if (before.isDirectory() && after.isDirectory()) {
                try (OpenDirectory below = one.open(name);
                        OpenDirectory otherBelow = other.open(name)) {
                    both(below, otherBelow);
                }
            } else if (before.isDirectory()) {
                everything(one, name, false);
            } else if (after.isDirectory()) {
                everything(other, name, true);
            }
        }

        /** What is not in an upper directory is as it is below, unless the directory is opaque. */
        void layer(OpenDirectory lower, OpenDirectory upper, boolean opaque, OverlayIndex index) {
            Set<String> above = Set.copyOf(upper.names());
            Set<String> below = Set.copyOf(lower.names());
            TreeSet<String> all = new TreeSet<>(above);
            all.addAll(below);
            for (String name : all) {
                if (above.contains(name) && !UpperLayer.isWhiteout(upper.entry(name))) {
                    if (below.contains(name)) {
                        covered(lower, upper, name, index);
                    } else {
                        only(upper, name, true);
                    }
                } else if (below.contains(name)) {
                    if (opaque || above.contains(name)) {
                        only(lower, name, false);
                    } else {
                        uncovered(lower, name, index);
                    }
                }
            }
        }

        private void covered(OpenDirectory lower, OpenDirectory upper, String name, OverlayIndex index) {
            TreeEntry before = lower.entry(name);
            TreeEntry marked = upper.entry(name);
            TreeEntry after = UpperLayer.shown(marked);
            compare(new Place(lower, name), before, new Place(upper, name), after);
            if (before.isDirectory() && after.isDirectory()) {
                try (OpenDirectory below = lower.open(name);
                        OpenDirectory above = upper.open(name)) {
                    layer(below, above, UpperLayer.isOpaque(marked), index);
                }
            } else if (before.isDirectory()) {
                everything(lower, name, false);
            } else if (after.isDirectory()) {
                everything(upper, name, true);
            }
        }

        /** A file that was changed under another of its names shows the change under this one too. */
        private void uncovered(OpenDirectory lower, String name, OverlayIndex index) {
            if (index.isEmpty()) {
                return;
            }
            TreeEntry before = lower.entry(name);
            looked();
            if (before.isDirectory()) {
                try (OpenDirectory below = lower.open(name)) {
                    below.names().forEach(child -> uncovered(below, child, index));
                }
            } else if (before.links() > 1) {
                index.find(lower, name)
                        .ifPresent(entry -> compare(
                                new Place(lower, name),
                                before,
                                new Place(index.directory(), entry),
                                UpperLayer.shown(index.directory().entry(entry), before.path())));
            }
        }

        private void only(OpenDirectory directory, String name, boolean added) {
            TreeEntry entry = UpperLayer.shown(directory.entry(name));
            if (UpperLayer.isWhiteout(entry)) {
                return;
            }
            looked();
            TreeChange change = added ? TreeChange.added(entry) : TreeChange.removed(entry);
            candidates.add(new Candidate(change, Optional.empty()));
            if (entry.isDirectory()) {
                everything(directory, name, added);
            }
        }

        private void everything(OpenDirectory directory, String name, boolean added) {
            try (OpenDirectory below = directory.open(name)) {
                below.names().forEach(child -> only(below, child, added));
            }
        }

        void compare(Place one, TreeEntry before, Place other, TreeEntry after) {
            looked();
            Set<TreeChange.Aspect> aspects = aspects(before, after);
            boolean unread = before.isFile()
                    && after.isFile()
                    && !aspects.contains(TreeChange.Aspect.CONTENT)
                    && !before.id().equals(after.id())
                    && before.size() > 0;
            if (unread || !aspects.isEmpty()) {
                candidates.add(new Candidate(
                        new TreeChange(Optional.of(before), Optional.of(after), aspects),
                        unread ? Optional.of(same(one, before, other, after)) : Optional.empty()));
            }
        }

        private Future<Boolean> same(Place one, TreeEntry before, Place other, TreeEntry after) {
            Pair pair = new Pair(before.id(), after.id());
            Future<Boolean> known = compared.get(pair);
            if (known != null) {
                return known;
            }
            ContentReaders.Side side = side(one, before);
            Future<Boolean> future;
            try {
                future = readers.same(side, side(other, after));
            } catch (Failure failure) {
                posix.close(side.descriptor());
                throw failure;
            }
            if (before.links() > 1 || after.links() > 1) {
                compared.put(pair, future);
            }
            return future;
        }

        private ContentReaders.Side side(Place place, TreeEntry entry) {
            OpenDirectory directory = place.directory();
            return new ContentReaders.Side(directory.openFile(place.name()), entry, directory.calls());
        }

        private void looked() {
            if (++looked % TOLD_EVERY == 0) {
                seen.accept(looked);
            }
        }
    }

    private static Set<TreeChange.Aspect> aspects(TreeEntry before, TreeEntry after) {
        EnumSet<TreeChange.Aspect> aspects = EnumSet.noneOf(TreeChange.Aspect.class);
        if (before.type() != after.type()) {
            return EnumSet.of(TreeChange.Aspect.TYPE);
        }
        if (before.size() != after.size()) {
            aspects.add(TreeChange.Aspect.CONTENT);
        }
        if (before.mode() != after.mode()) {
            aspects.add(TreeChange.Aspect.MODE);
        }
        if (before.uid() != after.uid() || before.gid() != after.gid()) {
            aspects.add(TreeChange.Aspect.OWNER);
        }
        if (!before.target().equals(after.target())) {
            aspects.add(TreeChange.Aspect.TARGET);
        }
        if (!before.device().equals(after.device())) {
            aspects.add(TreeChange.Aspect.DEVICE);
        }
        if (!before.xattrs().equals(after.xattrs())) {
            aspects.add(TreeChange.Aspect.XATTR);
        }
        return aspects;
    }
}
