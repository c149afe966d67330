package dev.nbroot.nfs.v3;

import dev.nbroot.nfs.xdr.XdrOut;
import java.nio.ByteBuffer;

/** An object's attributes, loaded from a struct statx and written as fattr3 (RFC 1813, 2.6). */
final class Attributes {
    static final int BYTES = 84;

    static final int REGULAR = 1;
    static final int DIRECTORY = 2;
    static final int BLOCK = 3;
    static final int CHARACTER = 4;
    static final int LINK = 5;
    static final int SOCKET = 6;
    static final int FIFO = 7;

    /** By the file type bits of st_mode, shifted right by 12 (inode(7)). */
    private static final int[] TYPES = {
        0, FIFO, CHARACTER, 0, DIRECTORY, 0, BLOCK, 0, REGULAR, 0, LINK, 0, SOCKET, 0, 0, 0
    };

    private int type;
    private int mode;
    private int links;
    private int uid;
    private int gid;
    private long size;
    private long used;
    private int major;
    private int minor;
    private long fileId;
    private long accessSeconds;
    private int accessNanos;
    private long modifySeconds;
    private int modifyNanos;
    private long changeSeconds;
    private int changeNanos;

    /** Takes over a native-order struct statx (statx(2)) at an index. */
    void load(ByteBuffer b, int at) {
        int m = b.getShort(at + 28) & 0xffff;
        type = TYPES[m >> 12];
        mode = m & 07777;
        links = b.getInt(at + 16);
        uid = b.getInt(at + 20);
        gid = b.getInt(at + 24);
        fileId = b.getLong(at + 32);
        size = b.getLong(at + 40);
        used = b.getLong(at + 48) * 512;
        accessSeconds = b.getLong(at + 64);
        accessNanos = b.getInt(at + 72);
        changeSeconds = b.getLong(at + 96);
        changeNanos = b.getInt(at + 104);
        modifySeconds = b.getLong(at + 112);
        modifyNanos = b.getInt(at + 120);
        major = b.getInt(at + 128);
        minor = b.getInt(at + 132);
    }

    /**
     * Writes fattr3.
     *
     * @param fsid the export's id: the kernel's device number changes over restarts
     */
    void write(XdrOut out, long fsid) {
        ByteBuffer b = out.buffer();
        int at = b.position();
        b.putInt(at, type);
        b.putInt(at + 4, mode);
        b.putInt(at + 8, links);
        b.putInt(at + 12, uid);
        b.putInt(at + 16, gid);
        b.putLong(at + 20, size);
        b.putLong(at + 28, used);
        b.putInt(at + 36, major);
        b.putInt(at + 40, minor);
        b.putLong(at + 44, fsid);
        b.putLong(at + 52, fileId);
        b.putInt(at + 60, (int) accessSeconds);
        b.putInt(at + 64, accessNanos);
        b.putInt(at + 68, (int) modifySeconds);
        b.putInt(at + 72, modifyNanos);
        b.putInt(at + 76, (int) changeSeconds);
        b.putInt(at + 80, changeNanos);
        b.position(at + BYTES);
    }

    int type() {
        return type;
    }

    boolean isDirectory() {
        return type == DIRECTORY;
    }

    boolean isRegular() {
        return type == REGULAR;
    }

    /** {@return the permission bits with setuid, setgid and sticky} */
    int mode() {
        return mode;
    }

    int links() {
        return links;
    }

    void links(int right) {
        links = right;
    }

    int uid() {
        return uid;
    }

    int gid() {
        return gid;
    }

    long size() {
        return size;
    }

    long fileId() {
        return fileId;
    }

    int accessSeconds() {
        return (int) accessSeconds;
    }

    int modifySeconds() {
        return (int) modifySeconds;
    }

    int modifyNanos() {
        return modifyNanos;
    }

    int changeSeconds() {
        return (int) changeSeconds;
    }

    int changeNanos() {
        return changeNanos;
    }

    /** {@return the time of the last change of anything, which nobody can set, in nanoseconds since 1970} */
    long changedNanos() {
        return changeSeconds * 1_000_000_000L + changeNanos;
    }

    /** {@return the time of the last change of contents, in nanoseconds since 1970} */
    long modifiedNanos() {
        return modifySeconds * 1_000_000_000L + modifyNanos;
    }
}
