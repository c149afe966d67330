package dev.nbroot.nfs.v3;

import dev.nbroot.nfs.rpc.RpcCall;
import dev.nbroot.nfs.xdr.XdrException;
import dev.nbroot.nfs.xdr.XdrIn;
import dev.nbroot.nfs.xdr.XdrOut;
import dev.nbroot.system.PosixFiles;

/** CREATE, MKDIR, SYMLINK, MKNOD and LINK (RFC 1813, 3.3.8 to 3.3.11, 3.3.15). */
final class CreateProcedures {
    private static final int UNCHECKED = 0;
    private static final int EXCLUSIVE = 2;
    private static final int S_IFIFO = 0010000;
    private static final int S_IFCHR = 0020000;
    private static final int S_IFBLK = 0060000;
    private static final int S_IFSOCK = 0140000;
    private static final int SET_ID_BITS = 06000;
    /** A name may come and go between two looks at it; more often than this somebody plays with us. */
    private static final int ATTEMPTS = 8;

    private final Workspace w;
    private final SetAttributes set;
    private final Before before = new Before();

    CreateProcedures(Workspace workspace, SetAttributes set) {
        this.w = workspace;
        this.set = set;
    }

    /** {@return OK when the directory can take a new name, after noting what it was before} */
    private int begin(Node directory, int nameStatus) {
        if (directory == null) {
            return w.status();
        }
        before.capture(w.attributes(directory));
        if (nameStatus != Status.OK) {
            return nameStatus;
        }
        if (w.scratch().isDot() || w.scratch().isDotDot()) {
            return Status.EXIST;
        }
        return w.writable(directory) ? Status.OK : Status.ROFS;
    }

    private void reply(XdrOut out, int status, Node directory, Node child) {
        out.int32(status);
        if (status == Status.OK) {
            out.bool(child != null);
            if (child != null) {
                Workspace.handle(out, child);
            }
            w.after(out, child);
        }
        wcc(out, directory);
    }

    private void wcc(XdrOut out, Node directory) {
        if (directory == null) {
            out.bool(false);
            out.bool(false);
        } else {
            w.change(out, before, directory);
        }
    }

    void create(RpcCall call, XdrIn in, XdrOut out) {
        Node directory = w.node(call, in);
        int nameStatus = w.scratch().readName(in);
        int how = in.int32();
        if (how < UNCHECKED || how > EXCLUSIVE) {
            throw new XdrException("a file is created in an unknown way");
        }
        int accessSeconds = 0;
        int modifySeconds = 0;
        set.clear();
        if (how == EXCLUSIVE) {
            // As other servers do, the verifier is kept in the times; the top bits would be lost in old file systems.
            accessSeconds = in.int32() & 0x7fffffff;
            modifySeconds = in.int32() & 0x7fffffff;
            set.times(accessSeconds, modifySeconds);
        } else {
            set.read(in);
        }
        int status = begin(directory, nameStatus);
        if (status != Status.OK) {
            reply(out, status, directory, null);
            return;
        }
        Caller caller = w.caller(call, directory);
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            w.identity().become(caller);
            int flags = PosixFiles.CREATE_NEW | PosixFiles.READ | PosixFiles.WRITE;
            int fd = w.posix().open(directory.place(), w.scratch().name(), flags, set.createMode());
            if (fd >= 0) {
                created(out, directory, fd, caller);
                return;
            }
            if (fd != -Status.EEXIST) {
                reply(out, Status.of(fd), directory, null);
                return;
            }
            Node there = w.find().child(directory);
            if (there != null) {
                existing(out, directory, there, caller, how, accessSeconds, modifySeconds);
                return;
            }
            if (w.status() != Status.NOENT) {
                reply(out, w.status(), directory, null);
                return;
            }
        }
        reply(out, Status.JUKEBOX, directory, null);
    }

    private void created(XdrOut out, Node directory, int fd, Caller caller) {
        w.changed(directory);
        Node child = w.find().adopt(directory.export(), fd);
        if (child == null) {
            reply(out, w.status(), directory, null);
            return;
        }
        w.durable().note(child);
        if (child.place() == fd) {
            child.reader(fd);
            child.writer(fd);
        }
        set.dropMode();
        set.dropOwnerUnlessRoot(caller);
        if (w.attributes(child) != null && child.attributes().size() == 0 && set.setsSizeTo(0)) {
            set.dropSize();
        }
        reply(out, set.apply(child, caller), directory, child);
    }

    private void existing(
            XdrOut out, Node directory, Node there, Caller caller, int how, int accessSeconds, int modifySeconds) {
        Attributes a = w.attributes(there);
        if (a == null) {
            reply(out, w.status(), directory, null);
        } else if (how == EXCLUSIVE) {
            boolean ours = a.isRegular()
                    && a.size() == 0
                    && a.accessSeconds() == accessSeconds
                    && a.modifySeconds() == modifySeconds;
            reply(out, ours ? Status.OK : Status.EXIST, directory, there);
        } else if (how != UNCHECKED || !a.isRegular()) {
            reply(out, Status.EXIST, directory, null);
        } else {
            set.onlySize();
            reply(out, set.apply(there, caller), directory, there);
        }
    }

    void mkdir(RpcCall call, XdrIn in, XdrOut out) {
        Node directory = w.node(call, in);
        int nameStatus = w.scratch().readName(in);
        set.read(in);
        int status = begin(directory, nameStatus);
        if (status == Status.OK) {
            w.identity().become(w.caller(call, directory));
            status = result(w.posix().mkdir(directory.place(), w.scratch().name(), set.createMode() & 01777));
        }
        if ((set.createMode() & SET_ID_BITS) == 0) {
            set.dropMode();
        }
        set.dropSize();
        finish(call, out, status, directory);
    }

    void symlink(RpcCall call, XdrIn in, XdrOut out) {
        Node directory = w.node(call, in);
        int nameStatus = w.scratch().readName(in);
        set.read(in);
        int targetStatus = w.scratch().readTarget(in);
        int status = begin(directory, nameStatus);
        if (status == Status.OK) {
            status = targetStatus;
        }
        if (status == Status.OK) {
            w.identity().become(w.caller(call, directory));
            status = result(w.posix()
                    .symlink(
                            w.scratch().at(Scratch.TARGET),
                            directory.place(),
                            w.scratch().name()));
        }
        set.dropMode();
        set.dropSize();
        finish(call, out, status, directory);
    }

    void mknod(RpcCall call, XdrIn in, XdrOut out) {
        Node directory = w.node(call, in);
        int nameStatus = w.scratch().readName(in);
        int type = in.int32();
        int format = switch (type) {
            case Attributes.CHARACTER -> S_IFCHR;
            case Attributes.BLOCK -> S_IFBLK;
            case Attributes.SOCKET -> S_IFSOCK;
            case Attributes.FIFO -> S_IFIFO;
            default -> 0;
        };
        set.clear();
        int major = 0;
        int minor = 0;
        if (format != 0) {
            set.read(in);
        }
        if (format == S_IFCHR || format == S_IFBLK) {
            major = in.int32();
            minor = in.int32();
        }
        int status = begin(directory, nameStatus);
        if (status == Status.OK && format == 0) {
            status = Status.BADTYPE;
        }
        if (status == Status.OK) {
            w.identity().become(w.caller(call, directory));
            int mode = format | set.createMode();
            status = result(w.posix().mknod(directory.place(), w.scratch().name(), mode, major, minor));
        }
        set.dropMode();
        set.dropSize();
        finish(call, out, status, directory);
    }

    private static int result(int result) {
        return result < 0 ? Status.of(result) : Status.OK;
    }

    private void finish(RpcCall call, XdrOut out, int status, Node directory) {
        if (status != Status.OK) {
            reply(out, status, directory, null);
            return;
        }
        w.changed(directory);
        Caller caller = w.caller(call, directory);
        Node child = w.find().child(directory);
        if (child != null) {
            w.durable().note(child);
        }
        set.dropOwnerUnlessRoot(caller);
        reply(out, child == null ? Status.OK : set.apply(child, caller), directory, child);
    }

    void link(RpcCall call, XdrIn in, XdrOut out) {
        Node node = w.node(call, in);
        int status = node == null ? w.status() : Status.OK;
        Node directory = w.node(call, in);
        int nameStatus = w.scratch().readName(in);
        int targetStatus = begin(directory, nameStatus);
        if (status == Status.OK) {
            status = targetStatus;
        }
        if (status == Status.OK && node.export() != directory.export()) {
            status = Status.XDEV;
        }
        if (status == Status.OK) {
            w.identity().become(w.caller(call, directory));
            status = result(w.posix()
                    .link(
                            w.scratch().procPath(node.place()),
                            directory.place(),
                            w.scratch().name()));
            w.changed(directory);
            w.durable().note(node);
        }
        out.int32(status);
        w.after(out, node);
        wcc(out, directory);
    }
}
