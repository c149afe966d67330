package dev.nbroot.system.tree;

import dev.nbroot.system.PosixFiles;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The index of an overlay: what it has copied up, by the file below that it comes from. It is how a file with several names
 * stays one file although only some of the names are in the upper layer, or none of them any more.
 */
final class OverlayIndex implements AutoCloseable {
    private final OpenDirectory directory;
    private final Map<String, String> entries = new HashMap<>();

    private OverlayIndex(OpenDirectory directory, List<String> names) {
        this.directory = directory;
        for (String name : names) {
            OverlayIndexName entry = OverlayIndexName.ofEntry(name);
            // Others are being made, or stand for directories that were deleted.
            if (entry != null) {
                entries.put(entry.original(), name);
            }
        }
    }

    /** Opens it; a directory that does not exist is empty. */
    static OverlayIndex open(PosixFiles posix, Path path) {
        if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
            return none();
        }
        OpenDirectory directory = OpenDirectory.top(posix, path);
        return new OverlayIndex(directory, directory.names());
    }

    /** {@return an index that knows nothing} */
    static OverlayIndex none() {
        return new OverlayIndex(null, List.of());
    }

    boolean isEmpty() {
        return entries.isEmpty();
    }

    /** {@return the entry of a file below that was copied up} */
    Optional<String> find(OpenDirectory lower, String name) {
        return Optional.ofNullable(entries.get(lower.handle(name)))
                .filter(entry -> directory.entry(entry).isFile());
    }

    OpenDirectory directory() {
        return directory;
    }

    @Override
    public void close() {
        if (directory != null) {
            directory.close();
        }
    }
}
