package dev.nbroot.nfs.v3;

import dev.nbroot.nfs.xdr.XdrException;
import dev.nbroot.nfs.xdr.XdrIn;
import java.nio.ByteBuffer;

/** The attributes that a call sets: sattr3 (RFC 1813, 2.6). Reused for every call of a loop. */
final class SetAttributes {
    /** utimensat(2): set to the present time. */
    private static final long UTIME_NOW = (1L << 30) - 1;
    /** utimensat(2): leave as it is. */
    private static final long UTIME_OMIT = (1L << 30) - 2;

    private static final int KEEP = -1;

    private final Workspace w;
    private final DataAccess data;
    private int mode;
    private int uid;
    private int gid;
    private long size;
    private boolean timesSet;

    SetAttributes(Workspace workspace, DataAccess data) {
        this.w = workspace;
        this.data = data;
    }

    /** Sets nothing. */
    void clear() {
        mode = KEEP;
        uid = KEEP;
        gid = KEEP;
        size = KEEP;
        timesSet = false;
    }

    void read(XdrIn in) {
        mode = in.bool() ? in.int32() & 07777 : KEEP;
        uid = in.bool() ? in.int32() : KEEP;
        gid = in.bool() ? in.int32() : KEEP;
        size = in.bool() ? checkedSize(in.int64()) : KEEP;
        boolean access = time(in, Scratch.TIMES);
        timesSet = time(in, Scratch.TIMES + 16) || access;
    }

    /** A size past 2^63 becomes one that no file system takes, so that the kernel says why. */
    private static long checkedSize(long wire) {
        return wire < 0 ? Long.MAX_VALUE : wire;
    }

    private boolean time(XdrIn in, int at) {
        ByteBuffer memory = w.scratch().memory();
        int how = in.int32();
        memory.putLong(at, 0);
        switch (how) {
            case 0 -> memory.putLong(at + 8, UTIME_OMIT);
            case 1 -> memory.putLong(at + 8, UTIME_NOW);
            case 2 -> {
                memory.putLong(at, in.int32() & 0xffffffffL);
                memory.putLong(at + 8, in.int32() & 0xffffffffL);
            }
            default -> throw new XdrException("a time is set in an unknown way");
        }
        return how != 0;
    }

    /** Sets both times, in seconds; for the verifier of an exclusive create. */
    void times(int accessSeconds, int modifySeconds) {
        ByteBuffer memory = w.scratch().memory();
        memory.putLong(Scratch.TIMES, accessSeconds);
        memory.putLong(Scratch.TIMES + 8, 0);
        memory.putLong(Scratch.TIMES + 16, modifySeconds);
        memory.putLong(Scratch.TIMES + 24, 0);
        timesSet = true;
    }

    /** {@return the permission bits to create something with; none when the call does not say} */
    int createMode() {
        return mode == KEEP ? 0 : mode;
    }

    boolean setsSizeTo(long value) {
        return size == value;
    }

    void dropMode() {
        mode = KEEP;
    }

    /** Keeps only the size. */
    void onlySize() {
        mode = KEEP;
        uid = KEEP;
        gid = KEEP;
        timesSet = false;
    }

    void dropSize() {
        size = KEEP;
    }

    /** Leaves the owner alone unless the caller is root: a client that creates a file sends ids it need not send. */
    void dropOwnerUnlessRoot(Caller caller) {
        if (!caller.isRoot()) {
            uid = KEEP;
            gid = KEEP;
        }
    }

    boolean isEmpty() {
        return mode == KEEP && uid == KEEP && gid == KEEP && size == KEEP && !timesSet;
    }

    /**
     * Sets them, as the caller. The owner comes before the mode, because a change of owner clears setuid and setgid; the
     * times come last, because the others change them.
     *
     * @return OK, or the first error; what came before it stays
     */
    int apply(Node node, Caller caller) {
        if (isEmpty()) {
            return Status.OK;
        }
        if (!w.writable(node)) {
            return Status.ROFS;
        }
        int status = steps(node, caller);
        w.permissionsChanged(node);
        return status;
    }

    private int steps(Node node, Caller caller) {
        int result = 0;
        w.identity().become(caller);
        if (uid != KEEP || gid != KEEP) {
            result = w.posix().chown(node.place(), uid, gid);
        }
        if (result >= 0 && size != KEEP) {
            int fd = data.writer(node, caller);
            if (fd < 0) {
                return data.status();
            }
            w.identity().become(caller);
            result = w.posix().truncate(fd, size);
        }
        if (result >= 0 && mode != KEEP) {
            result = w.posix().chmod(w.scratch().procPath(node.place()), mode);
        }
        if (result >= 0 && timesSet) {
            result = w.posix().utimens(node.place(), w.scratch().at(Scratch.TIMES));
        }
        return result < 0 ? Status.of(result) : Status.OK;
    }
}
