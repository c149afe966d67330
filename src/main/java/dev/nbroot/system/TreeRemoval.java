package dev.nbroot.system;

import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;

/**
 * Deletes a tree, never crossing a mount.
 *
 * <p>Root builders have destroyed their hosts through a forgotten bind mount. Comparing device numbers is not enough,
 * because a bind mount of the same file system has the same one, so the mount table is what is asked.
 */
public final class TreeRemoval {
    private static final Path MOUNT_TABLE = Path.of("/proc/self/mountinfo");
    private static final int MOUNT_POINT_FIELD = 4;
    /** PATH_MAX without the zero at its end. */
    private static final int MOST_PATH = 4095;

    private static final int HALF_OF_MOST_PATH = MOST_PATH / 2;

    private TreeRemoval() {}

    /**
     * Deletes {@code tree} and all below it; does nothing when it does not exist.
     *
     * @throws Failure of kind {@code FAILED} when something is mounted on it or below it (nothing is deleted then), or
     *     at an I/O error
     */
    public static void remove(Path tree) {
        if (!Files.exists(tree, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try {
            Path real = tree.toAbsolutePath().getParent().toRealPath().resolve(tree.getFileName());
            for (Path mount : mountsIn(real)) {
                throw Failure.of(
                        FailureKind.FAILED,
                        "will not delete " + tree + ": something is mounted at " + mount,
                        "umount " + mount);
            }
            delete(real);
        } catch (IOException e) {
            throw Failure.io("delete", tree, e);
        }
    }

    /** Machines may make paths that are longer than any call takes (PATH_MAX of path_resolution(7)). */
    private static void delete(Path tree) throws IOException {
        while (true) {
            try {
                Files.walkFileTree(tree, new Deleter());
                return;
            } catch (TooLong far) {
                Path near = far.path();
                while (near.toString().getBytes(StandardCharsets.UTF_8).length > HALF_OF_MOST_PATH) {
                    near = near.getParent();
                }
                if (near.getNameCount() <= tree.getNameCount()) {
                    throw far;
                }
                // A name that nothing in the tree can have yet: what lies there was made by others.
                Path top = Files.createTempDirectory(tree, ".deep-");
                Files.move(near, top.resolve("part"), StandardCopyOption.ATOMIC_MOVE);
            }
        }
    }

    private static final class TooLong extends IOException {
        private static final long serialVersionUID = 1L;

        private final transient Path path;

        TooLong(Path path, IOException cause) {
            super(cause.getMessage(), cause);
            this.path = path;
        }

        Path path() {
            return path;
        }
    }

    /**
     * {@return where something is mounted on a tree or below it, as this process sees it}
     *
     * @param tree a path without symbolic links
     * @throws IOException when the mount table cannot be read
     */
    public static List<Path> mountsIn(Path tree) throws IOException {
        return mountPoints(Files.readAllLines(MOUNT_TABLE)).stream()
                .filter(mount -> mount.startsWith(tree))
                .toList();
    }

    /** {@return the mount points in lines of proc_pid_mountinfo(5); blanks are written there as octal escapes} */
    static List<Path> mountPoints(List<String> lines) {
        return lines.stream()
                .map(line -> line.split(" ")[MOUNT_POINT_FIELD])
                .map(TreeRemoval::unescaped)
                .map(Path::of)
                .toList();
    }

    /** {@return a mount point as proc_pid_mountinfo(5) writes it, without octal escapes} */
    public static String unescaped(String field) {
        return field.replace("\\040", " ").replace("\\011", "\t").replace("\\134", "\\");
    }

    private static final class Deleter extends SimpleFileVisitor<Path> {
        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
        }

        /** Two builds may clean up what a third one has left. */
        @Override
        public FileVisitResult visitFileFailed(Path file, IOException error) throws IOException {
            if (error instanceof NoSuchFileException) {
                return FileVisitResult.CONTINUE;
            }
            boolean isLong = file.toString().getBytes(StandardCharsets.UTF_8).length > MOST_PATH;
            throw isLong ? new TooLong(file, error) : error;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path directory, IOException error) throws IOException {
            if (error != null && !(error instanceof NoSuchFileException)) {
                throw error;
            }
            Files.deleteIfExists(directory);
            return FileVisitResult.CONTINUE;
        }
    }
}
