package dev.nbroot.system.tree;

import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import java.util.SortedMap;
import java.util.TreeMap;

/** How overlayfs marks things in an upper layer (kernel Documentation/filesystems/overlayfs.rst). */
final class UpperLayer {
    private static final String PRIVATE = "trusted.overlay.";
    private static final String OPAQUE = PRIVATE + "opaque";
    private static final String REDIRECT = PRIVATE + "redirect";
    /** The letter {@code y}. */
    private static final String YES = "79";

    private static final TreeEntry.Device NONE = new TreeEntry.Device(0, 0);

    private UpperLayer() {}

    /** {@return whether it stands for a name that was deleted} */
    static boolean isWhiteout(TreeEntry entry) {
        return entry.type() == EntryType.CHARACTER && entry.device().equals(NONE);
    }

    /** {@return whether nothing of the directory below is seen} */
    static boolean isOpaque(TreeEntry entry) {
        return YES.equals(entry.xattrs().get(OPAQUE));
    }

    /**
     * {@return an entry as the overlay shows it: without what overlayfs keeps there for itself}
     *
     * @throws Failure of kind {@code FAILED} for a directory that shows what lies elsewhere below
     */
    static TreeEntry shown(TreeEntry entry) {
        if (entry.xattrs().keySet().stream().noneMatch(name -> name.startsWith(PRIVATE))) {
            return entry;
        }
        if (entry.xattrs().containsKey(REDIRECT)) {
            throw Failure.of(
                    FailureKind.FAILED,
                    "the directory " + entry.path().shown() + " was renamed in a way that only the kernel understands"
                            + " (redirect_dir)",
                    "in the running machine: copy it, delete it, and give the copy its name");
        }
        return shown(entry, entry.path());
    }

    /** {@return an entry of the overlay's index as the overlay shows it at a path} */
    static TreeEntry shown(TreeEntry entry, EntryPath path) {
        SortedMap<String, String> own = new TreeMap<>(entry.xattrs());
        own.keySet().removeIf(name -> name.startsWith(PRIVATE));
        return new TreeEntry(
                path,
                entry.type(),
                entry.mode(),
                entry.uid(),
                entry.gid(),
                entry.size(),
                entry.modified(),
                entry.target(),
                entry.device(),
                own,
                entry.links(),
                entry.id());
    }
}
