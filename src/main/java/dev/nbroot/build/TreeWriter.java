package dev.nbroot.build;

import dev.nbroot.report.Failure;
import dev.nbroot.system.TreePath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;

/** Writes files into a tree the way chroot(2) would see them. New directories are 0755, whatever the umask. */
final class TreeWriter {
    private static final Set<PosixFilePermission> DIRECTORY = PosixFilePermissions.fromString("rwxr-xr-x");

    /** What is empty at every boot: a link that leads there cannot hold a file. */
    private static final List<String> VOLATILE = List.of("run", "tmp", "dev", "proc", "sys");

    private final Path tree;

    TreeWriter(Path tree) {
        this.tree = tree;
    }

    void write(TreeFile file) {
        write(Path.of(file.path()), file.bytes(), file.mode(), false);
    }

    /**
     * Writes one file. A symbolic link in its place is followed, unless it leads to a volatile directory (as
     * {@code /etc/resolv.conf} does): then the file takes its place.
     *
     * @return where it was written, a path of this process
     */
    Path write(Path inside, byte[] bytes, int mode, boolean append) {
        Path target = target(inside);
        try {
            directories(target.getParent());
            if (append) {
                Files.write(target, bytes, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            } else {
                Files.write(target, bytes);
            }
            Files.setAttribute(target, "unix:mode", mode, LinkOption.NOFOLLOW_LINKS);
            return target;
        } catch (IOException e) {
            throw Failure.io("write a file of the root", inside, e);
        }
    }

    /** Puts a symbolic link in place of whatever file is there. */
    void link(String inside, String target) {
        Path path = Path.of(inside);
        Path link = TreePath.resolve(tree, path.getParent()).resolve(path.getFileName());
        try {
            directories(link.getParent());
            Files.deleteIfExists(link);
            Files.createSymbolicLink(link, Path.of(target));
        } catch (IOException e) {
            throw Failure.io("make a symbolic link of the root", path, e);
        }
    }

    private Path target(Path inside) {
        Path target = TreePath.resolve(tree, inside);
        Path first = tree.relativize(target).getName(0);
        if (!VOLATILE.contains(first.toString()) || inside.startsWith("/" + first)) {
            return target;
        }
        Path own = TreePath.resolve(tree, inside.getParent()).resolve(inside.getFileName());
        try {
            Files.deleteIfExists(own);
        } catch (IOException e) {
            throw Failure.io("replace a symbolic link of the root", inside, e);
        }
        return own;
    }

    private static void directories(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            directories(directory.getParent());
            Files.createDirectory(directory);
            Files.setPosixFilePermissions(directory, DIRECTORY);
        }
    }
}
