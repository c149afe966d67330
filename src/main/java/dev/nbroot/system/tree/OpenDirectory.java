package dev.nbroot.system.tree;

import dev.nbroot.system.PosixFiles;
import java.nio.file.Path;
import java.util.List;

/**
 * A directory of a tree, held open: its names are looked at in it and not by their paths, so no symbolic link on the way
 * leads out of the tree.
 */
final class OpenDirectory implements AutoCloseable {
    private final TreeCalls calls;
    private final EntryPath path;
    private final int descriptor;
    private final long mount;

    private OpenDirectory(TreeCalls calls, EntryPath path, int descriptor, long mount) {
        this.calls = calls;
        this.path = path;
        this.descriptor = descriptor;
        this.mount = mount;
    }

    /** Opens the top of a tree; a symbolic link is refused. */
    static OpenDirectory top(PosixFiles posix, Path tree) {
        TreeCalls calls = new TreeCalls(posix, tree);
        int descriptor = calls.openTop();
        return new OpenDirectory(calls, EntryPath.TOP, descriptor, calls.mountOf(descriptor));
    }

    TreeCalls calls() {
        return calls;
    }

    /** {@return this directory itself, for the top} */
    TreeEntry itself() {
        return calls.top(descriptor);
    }

    List<String> names() {
        return calls.names(descriptor, path);
    }

    TreeEntry entry(String name) {
        return calls.entry(descriptor, name, path.child(name), mount);
    }

    /** {@return the kernel's handle of a name: its type and its bytes in hexadecimal digits} */
    String handle(String name) {
        return calls.handle(descriptor, name, path.child(name));
    }

    OpenDirectory open(String name) {
        EntryPath below = path.child(name);
        return new OpenDirectory(calls, below, calls.open(descriptor, name, true, below), mount);
    }

    /** {@return a descriptor of a regular file, which the caller closes} */
    int openFile(String name) {
        return calls.open(descriptor, name, false, path.child(name));
    }

    @Override
    public void close() {
        calls.close(descriptor);
    }
}
