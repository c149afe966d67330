package dev.nbroot.system.linux;

import dev.nbroot.system.PosixFiles;
import dev.nbroot.system.tree.OverlayIndexName;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Saves what was written to an overlay through file handles alone.
 *
 * <p>A machine goes on with its file handles when its server is started again. No name has led the kernel to such a file
 * then, so the copy that a write makes is found in the overlay's index only ({@code work/index}), under no name in the
 * upper layer. When the overlay is made the next time, overlayfs takes the index entry of a file with one name for that
 * of a removed file and throws it away, with all that was written; the name gives EIO from then on (seen with Linux 6.18;
 * fs/overlayfs/namei.c, {@code ovl_verify_index}).
 *
 * <p>So each such entry gets another link, outside of what overlayfs looks at, before the overlay is made. Afterwards the
 * file is opened for writing by its name, upon which overlayfs puts the copy there.
 */
final class HiddenCopies {
    private static final String KEPT = "nbroot-kept";
    private static final String OPAQUE = "trusted.overlay.opaque";
    private static final int FORMAT = 0170000;
    private static final int CHARACTER_DEVICE = 0020000;

    /** A copy whose name in the lower layer is known. */
    private record Copy(Path kept, Path name) {}

    private final List<Path> lowers;
    private final Path upper;
    private final Path index;
    private final Path kept;
    private final List<Copy> copies = new ArrayList<>();

    /**
     * Does nothing yet.
     *
     * @param lowers what the overlay is made of, as {@code upper} and {@code work}
     */
    HiddenCopies(List<Path> lowers, Path upper, Path work) {
        this.lowers = lowers;
        this.upper = upper;
        this.index = work.resolve("index");
        this.kept = work.resolve(KEPT);
    }

    /** {@return whether {@link #protect} would change anything} Changes nothing itself. */
    boolean areThere() throws IOException {
        return !list(kept).isEmpty() || !unnamed().isEmpty();
    }

    /** Protects them all; before the overlay is made, and while nobody else can make it. */
    void protect() throws IOException {
        dropNeedless();
        List<Path> entries = unnamed();
        if (!entries.isEmpty()) {
            keep(entries);
        }
    }

    /** Forgets what a server that was killed protected, where it is under its name by now, or was removed. */
    private void dropNeedless() throws IOException {
        for (Path link : list(kept)) {
            Path entry = index.resolve(link.getFileName());
            if (!Files.exists(entry, LinkOption.NOFOLLOW_LINKS) || links(link) != 2) {
                Files.delete(link);
            }
        }
    }

    private static List<Path> list(Path directory) throws IOException {
        if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.toList();
        }
    }

    private static int links(Path path) throws IOException {
        return (int) Files.getAttribute(path, "unix:nlink", LinkOption.NOFOLLOW_LINKS);
    }

    /** {@return the index entries of objects, not directories, that have no name in the upper layer} */
    private List<Path> unnamed() throws IOException {
        List<Path> found = new ArrayList<>();
        for (Path entry : list(index)) {
            Map<String, Object> is =
                    Files.readAttributes(entry, "unix:nlink,isDirectory,mode,rdev", LinkOption.NOFOLLOW_LINKS);
            int own = Files.exists(kept.resolve(entry.getFileName()), LinkOption.NOFOLLOW_LINKS) ? 2 : 1;
            if (!(boolean) is.get("isDirectory") && !isWhiteout(is) && (int) is.get("nlink") == own) {
                found.add(entry);
            }
        }
        return found;
    }

    /** {@return whether overlayfs marks something as removed with it} */
    private static boolean isWhiteout(Map<String, Object> is) {
        return ((int) is.get("mode") & FORMAT) == CHARACTER_DEVICE && (long) is.get("rdev") == 0;
    }

    private void keep(List<Path> entries) throws IOException {
        Map<Object, Path> wanted = originals(entries, lowers.get(0));
        Files.createDirectories(kept);
        for (Path lower : lowers) {
            for (Map.Entry<Path, Path> found : names(lower, wanted).entrySet()) {
                Path entry = found.getKey();
                Path link = kept.resolve(entry.getFileName());
                if (isHidden(found.getValue())) {
                    Files.deleteIfExists(link);
                } else {
                    if (!Files.exists(link, LinkOption.NOFOLLOW_LINKS)) {
                        Files.createLink(link, entry);
                    }
                    copies.add(new Copy(link, found.getValue()));
                }
            }
        }
    }

    /** {@return index entries by what the file key of the original is; of originals with one name} */
    private static Map<Object, Path> originals(List<Path> entries, Path lower) throws IOException {
        LinuxPosixFiles posix = new LinuxPosixFiles();
        int mount = posix.open(
                PosixFiles.NO_DIRECTORY,
                posix.address(text(lower.toString())),
                PosixFiles.READ | PosixFiles.DIRECTORY | PosixFiles.FOLLOW,
                0);
        if (mount < 0) {
            throw new IOException("cannot open " + lower + ": " + posix.reason(-mount));
        }
        try {
            Map<Object, Path> found = new HashMap<>();
            ByteBuffer handle =
                    ByteBuffer.allocateDirect(8 + OverlayIndexName.MOST_BYTES).order(ByteOrder.nativeOrder());
            for (Path entry : entries) {
                OverlayIndexName name =
                        OverlayIndexName.ofEntry(entry.getFileName().toString());
                int original = -1;
                if (name != null) {
                    name.writeOriginal(handle, 0);
                    original = posix.openByHandle(mount, posix.address(handle), PosixFiles.PLACE);
                }
                if (original >= 0) {
                    try {
                        Path place = Path.of("/proc/self/fd/" + original);
                        if ((int) Files.getAttribute(place, "unix:nlink") == 1) {
                            found.put(
                                    Files.readAttributes(place, BasicFileAttributes.class)
                                            .fileKey(),
                                    entry);
                        }
                    } finally {
                        posix.close(original);
                    }
                }
            }
            return found;
        } finally {
            posix.close(mount);
        }
    }

    private static ByteBuffer text(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocateDirect(bytes.length + 1).put(0, bytes);
    }

    /** {@return index entries with the names of their originals, relative to the layer} */
    private static Map<Path, Path> names(Path lower, Map<Object, Path> wanted) throws IOException {
        Map<Path, Path> found = new HashMap<>();
        if (wanted.isEmpty()) {
            return found;
        }
        Files.walkFileTree(lower, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                Path entry = wanted.remove(attributes.fileKey());
                if (entry != null) {
                    found.put(entry, lower.relativize(file));
                }
                return wanted.isEmpty() ? FileVisitResult.TERMINATE : FileVisitResult.CONTINUE;
            }
        });
        return found;
    }

    /** {@return whether the upper layer removed or replaced a name of the lower one} */
    private boolean isHidden(Path name) throws IOException {
        Path at = upper;
        for (Path component : name) {
            at = at.resolve(component);
            try {
                BasicFileAttributes is = Files.readAttributes(at, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
                if (!is.isDirectory() || isOpaque(at)) {
                    return true;
                }
            } catch (NoSuchFileException e) {
                return false;
            }
        }
        return true;
    }

    private static boolean isOpaque(Path directory) {
        LinuxPosixFiles posix = new LinuxPosixFiles();
        ByteBuffer value = ByteBuffer.allocateDirect(8);
        long length = posix.getXattrOfName(
                posix.address(text(directory.toString())),
                posix.address(text(OPAQUE)),
                posix.address(value),
                value.capacity());
        return length == 1 && value.get(0) == 'y';
    }

    /**
     * Puts them under their names; when the overlay is made. What cannot be, because the disk is full, stays protected
     * and has its turn the next time.
     */
    void connect(Path view) {
        for (Copy copy : copies) {
            try {
                modify(view.resolve(copy.name()));
                if (links(copy.kept()) > 2) {
                    Files.delete(copy.kept());
                }
            } catch (IOException e) {
                // Nothing is lost: the link stays.
                continue;
            }
        }
    }

    /** Does what makes overlayfs look for the copy, and changes nothing. */
    private static void modify(Path file) throws IOException {
        if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            FileChannel.open(file, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)
                    .close();
        } else {
            Object owner = Files.getAttribute(file, "unix:uid", LinkOption.NOFOLLOW_LINKS);
            Files.setAttribute(file, "unix:uid", owner, LinkOption.NOFOLLOW_LINKS);
        }
    }
}
