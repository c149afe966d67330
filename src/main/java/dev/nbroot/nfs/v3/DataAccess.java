package dev.nbroot.nfs.v3;

import dev.nbroot.system.PosixFiles;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.concurrent.TimeUnit;

/**
 * Descriptors for reading and writing contents, for callers that may.
 *
 * <p>The kernel says whether they may, with one exception: a file's owner may always, because a Linux client has
 * checked at open time and goes on reading and writing after the mode became 000; and who may execute may read, because
 * executing over the network is reading (RFC 1813, 4.4).
 */
final class DataAccess {
    private static final long TRUST_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final Workspace w;
    private int status;

    DataAccess(Workspace workspace) {
        w = workspace;
    }

    /** {@return why {@link #reader} or {@link #writer} gave no descriptor} */
    int status() {
        return status;
    }

    private int fail(int why) {
        status = why;
        return Node.NONE;
    }

    /** {@return a descriptor to read a regular file with; below zero with {@link #status}} */
    int reader(Node node, Caller caller) {
        if (!isRegular(node) || !mayRead(node, caller)) {
            return Node.NONE;
        }
        if (node.reader() == Node.NONE) {
            int fd = open(node, PosixFiles.READ);
            if (fd < 0) {
                return fail(Status.of(fd));
            }
            int before = node.descriptors();
            node.reader(fd);
            w.nodes().opened(node, node.descriptors() - before);
        }
        return node.reader();
    }

    /** {@return a channel for zero-copy reads of a node for which {@link #reader} gave a descriptor; null if none} */
    FileChannel channel(Node node) {
        if (node.channel() == null) {
            w.identity().becomeServer();
            try {
                node.channel(w.posix().channel(node.reader()));
                w.nodes().opened(node, 1);
            } catch (IOException e) {
                // Out of descriptors, most likely: reading into a buffer does as well.
                return null;
            }
        }
        return node.channel();
    }

    /** {@return a descriptor to write a regular file with; below zero with {@link #status}} */
    int writer(Node node, Caller caller) {
        if (!w.writable(node)) {
            return fail(Status.ROFS);
        }
        if (!isRegular(node) || !mayWrite(node, caller)) {
            return Node.NONE;
        }
        if (node.writer() == Node.NONE) {
            int fd = open(node, PosixFiles.WRITE);
            if (fd < 0) {
                return fail(Status.of(fd));
            }
            int before = node.descriptors();
            node.writer(fd);
            w.nodes().opened(node, node.descriptors() - before);
        }
        return node.writer();
    }

    /** {@return any descriptor that fsync(2) takes, for a caller that may write} */
    int syncable(Node node, Caller caller) {
        if (node.writer() != Node.NONE && isRegular(node) && mayWrite(node, caller)) {
            return node.writer();
        }
        if (!isRegular(node) || !mayWrite(node, caller)) {
            return Node.NONE;
        }
        return reader(node, caller.asRoot());
    }

    private int open(Node node, int access) {
        w.identity().becomeServer();
        return w.posix()
                .open(PosixFiles.NO_DIRECTORY, w.scratch().procPath(node.place()), access | PosixFiles.FOLLOW, 0);
    }

    private boolean isRegular(Node node) {
        int type = w.type(node);
        if (type == Attributes.REGULAR) {
            return true;
        }
        status = type == 0 ? w.status() : type == Attributes.DIRECTORY ? Status.ISDIR : Status.INVAL;
        return false;
    }

    private boolean mayRead(Node node, Caller caller) {
        if (caller.isRoot()) {
            return true;
        }
        long now = System.nanoTime();
        long version = node.export().permissionsVersion();
        if (node.mayRead(caller, now)) {
            return true;
        }
        if (!kernelAllows(node, caller, PosixFiles.MAY_READ)
                && !owns(node, caller)
                && !kernelAllows(node, caller, PosixFiles.MAY_EXECUTE)) {
            return false;
        }
        node.allowRead(caller, now + TRUST_NANOS, version);
        return true;
    }

    private boolean mayWrite(Node node, Caller caller) {
        if (caller.isRoot()) {
            return true;
        }
        long now = System.nanoTime();
        long version = node.export().permissionsVersion();
        if (node.mayWrite(caller, now)) {
            return true;
        }
        if (!kernelAllows(node, caller, PosixFiles.MAY_WRITE) && !owns(node, caller)) {
            return false;
        }
        node.allowWrite(caller, now + TRUST_NANOS, version);
        return true;
    }

    private boolean kernelAllows(Node node, Caller caller, int mode) {
        w.identity().become(caller);
        int result = w.posix().faccess(node.place(), mode);
        status = result < 0 ? Status.of(result) : Status.OK;
        return result >= 0;
    }

    private boolean owns(Node node, Caller caller) {
        int why = status;
        Attributes a = w.attributes(node);
        status = why;
        return a != null && a.uid() == caller.uid() && why == Status.ACCES;
    }
}
