package dev.nbroot.system;

import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Resolves paths inside a root's tree the way chroot(2) would: an absolute symbolic link starts again at the tree's
 * top, and {@code ..} at the top stays there. Plain {@link Files} calls would follow such links into the host.
 *
 * <p>For trees that nobody else changes meanwhile; it is no defence against a running client.
 */
public final class TreePath {
    private static final int MOST_LINKS = 40;

    private TreePath() {}

    /**
     * Resolves a path, following symbolic links also in its last part.
     *
     * @param tree the top of the tree, a path of the host
     * @param inside a path inside, absolute or not; need not exist
     * @return the host's path, which has no symbolic link below {@code tree}
     * @throws Failure of kind {@code FAILED} at more than 40 links or an I/O error
     */
    public static Path resolve(Path tree, Path inside) {
        Deque<Path> rest = new ArrayDeque<>();
        inside.forEach(rest::addLast);
        Path at = tree;
        int links = 0;
        while (!rest.isEmpty()) {
            String name = rest.removeFirst().toString();
            if (name.isEmpty() || name.equals(".")) {
                continue;
            }
            if (name.equals("..")) {
                at = at.equals(tree) ? tree : at.getParent();
                continue;
            }
            Path next = at.resolve(name);
            if (!Files.isSymbolicLink(next)) {
                at = next;
                continue;
            }
            if (++links > MOST_LINKS) {
                throw Failure.of(FailureKind.FAILED, "too many symbolic links in " + inside + " below " + tree, "");
            }
            Path target = target(next);
            if (target.isAbsolute()) {
                at = tree;
            }
            Deque<Path> expanded = new ArrayDeque<>();
            target.forEach(expanded::addLast);
            expanded.addAll(rest);
            rest = expanded;
        }
        return at;
    }

    private static Path target(Path link) {
        try {
            return Files.readSymbolicLink(link);
        } catch (IOException e) {
            throw Failure.io("read the symbolic link", link, e);
        }
    }
}
