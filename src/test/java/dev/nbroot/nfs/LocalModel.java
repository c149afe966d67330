package dev.nbroot.nfs;

import dev.nbroot.system.PosixFiles;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The same operations as a client's, by plain system calls on a local directory, as the same user. Results below zero are
 * negated errno values. Its thread acts as the user that was set last, so it must be used by a thread of its own.
 */
final class LocalModel {
    static final int EACCES = -13;
    static final int EEXIST = -17;
    static final int EISDIR = -21;
    static final int EINVAL = -22;

    /** What stat(2) says, without what differs between two directories. */
    record Facts(int type, int mode, int links, int uid, int gid, long size, int major, int minor) {
        Facts withLinks(int count) {
            return new Facts(type, mode, count, uid, gid, size, major, minor);
        }
    }

    private final PosixFiles posix;
    private final ByteBuffer memory = ByteBuffer.allocateDirect(200_000).order(ByteOrder.nativeOrder());
    private final long address;
    private int uid;

    LocalModel(PosixFiles posix) {
        this.posix = posix;
        address = posix.address(memory);
        if (posix.clearThreadUmask() < 0) {
            throw new IllegalStateException("no umask of its own");
        }
    }

    void become(int newUid, int gid, int... groups) {
        posix.setFsUser(0);
        for (int i = 0; i < groups.length; i++) {
            memory.putInt(4 * i, groups[i]);
        }
        posix.setThreadGroups(groups.length, address);
        posix.setFsGroup(gid);
        posix.setFsUser(newUid);
        uid = newUid;
    }

    private interface AsRoot {
        int get();
    }

    private int asRoot(AsRoot what) {
        posix.setFsUser(0);
        int result = what.get();
        posix.setFsUser(uid);
        return result;
    }

    private long text(int at, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        memory.put(at, bytes).put(at + bytes.length, (byte) 0);
        return address + at;
    }

    private long first(String name) {
        return text(4096, name);
    }

    private long second(String name) {
        return text(8192, name);
    }

    private long proc(int place) {
        return text(16_384, "/proc/self/fd/" + place);
    }

    int openRoot(String path) {
        return posix.open(PosixFiles.NO_DIRECTORY, first(path), PosixFiles.PLACE, 0);
    }

    int lookup(int directory, String name) {
        return posix.open(directory, first(name), PosixFiles.PLACE, 0);
    }

    void close(int place) {
        posix.close(place);
    }

    Facts facts(int place) {
        int result = posix.statx(place, address);
        if (result < 0) {
            throw new IllegalStateException("statx of what is open: " + result);
        }
        int mode = memory.getShort(28) & 0xffff;
        int type = switch (mode >> 12) {
            case 1 -> 7;
            case 2 -> 4;
            case 4 -> 2;
            case 6 -> 3;
            case 8 -> 1;
            case 10 -> 5;
            default -> 6;
        };
        long size = type == 1 || type == 5 ? memory.getLong(40) : 0;
        return new Facts(
                type,
                mode & 07777,
                memory.getInt(16),
                memory.getInt(20),
                memory.getInt(24),
                size,
                memory.getInt(128),
                memory.getInt(132));
    }

    long inode(int place) {
        posix.statx(place, address);
        return memory.getLong(32);
    }

    long modifiedSeconds(int place) {
        posix.statx(place, address);
        return memory.getLong(112);
    }

    /** {@return a descriptor to read or write with, as an NFS server gives it: an owner may always} */
    private int contents(int place, int access) {
        Facts facts = facts(place);
        if (facts.type() != 1) {
            return facts.type() == 2 ? EISDIR : EINVAL;
        }
        int may = posix.faccess(place, access);
        if (may == EACCES && facts.uid() == uid) {
            may = 0;
        }
        if (may < 0 && access == PosixFiles.MAY_READ) {
            may = posix.faccess(place, PosixFiles.MAY_EXECUTE);
        }
        int flags = (access == PosixFiles.MAY_READ ? PosixFiles.READ : PosixFiles.WRITE) | PosixFiles.FOLLOW;
        return may < 0 ? may : asRoot(() -> posix.open(PosixFiles.NO_DIRECTORY, proc(place), flags, 0));
    }

    long write(int place, long offset, byte[] data) {
        int fd = contents(place, PosixFiles.MAY_WRITE);
        if (fd < 0) {
            return fd;
        }
        memory.put(20_000, data);
        long result = posix.pwrite(fd, address + 20_000, data.length, offset);
        posix.close(fd);
        return result;
    }

    /** {@return what was read, or the error as one number in a list} */
    Object read(int place, long offset, int count) {
        int fd = contents(place, PosixFiles.MAY_READ);
        if (fd < 0) {
            return fd;
        }
        long n = posix.pread(fd, address + 20_000, count, offset);
        posix.close(fd);
        byte[] data = new byte[(int) n];
        memory.get(20_000, data);
        return data;
    }

    int truncate(int place, long size) {
        int fd = contents(place, PosixFiles.MAY_WRITE);
        if (fd < 0) {
            return fd;
        }
        int result = posix.truncate(fd, size);
        posix.close(fd);
        return result;
    }

    int chmod(int place, int mode) {
        return posix.chmod(proc(place), mode);
    }

    int chown(int place, int newUid, int newGid) {
        return posix.chown(place, newUid, newGid);
    }

    /** Sets the time of modification; the other stays. */
    int touch(int place, long seconds) {
        memory.putLong(512, 0)
                .putLong(520, (1L << 30) - 2)
                .putLong(528, seconds)
                .putLong(536, 0);
        return posix.utimens(place, address + 512);
    }

    int access(int place, int mode) {
        return posix.faccess(place, mode);
    }

    int create(int directory, String name, int mode) {
        int fd = posix.open(directory, first(name), PosixFiles.CREATE_NEW | PosixFiles.READ | PosixFiles.WRITE, mode);
        if (fd >= 0) {
            posix.close(fd);
        }
        return Math.min(fd, 0);
    }

    int mkdir(int directory, String name, int mode) {
        return posix.mkdir(directory, first(name), mode);
    }

    int symlink(String target, int directory, String name) {
        return posix.symlink(second(target), directory, first(name));
    }

    int mknod(int directory, String name, int mode, int major, int minor) {
        return posix.mknod(directory, first(name), mode, major, minor);
    }

    int link(int place, int directory, String name) {
        return posix.link(proc(place), directory, first(name));
    }

    int unlink(int directory, String name, boolean asDirectory) {
        return posix.unlink(directory, first(name), asDirectory);
    }

    int rename(int from, String fromName, int to, String toName) {
        return posix.rename(from, first(fromName), to, second(toName));
    }

    /** {@return a link's target, or the error} */
    Object readlink(int place) {
        if (facts(place).type() != 5) {
            return EINVAL;
        }
        long n = posix.readlink(place, address + 20_000, 4095);
        byte[] target = new byte[(int) n];
        memory.get(20_000, target);
        return new String(target, StandardCharsets.UTF_8);
    }

    /** {@return the sorted names in a directory, or the error} */
    Object names(int directory) {
        if (facts(directory).type() != 2) {
            return -20;
        }
        int fd = posix.open(directory, first("."), PosixFiles.READ | PosixFiles.DIRECTORY, 0);
        if (fd == EACCES && posix.faccess(directory, PosixFiles.MAY_READ) >= 0) {
            // Readable, but not searchable for ".".
            fd = asRoot(() -> posix.open(directory, first("."), PosixFiles.READ | PosixFiles.DIRECTORY, 0));
        }
        if (fd < 0) {
            return fd;
        }
        List<String> names = new ArrayList<>();
        long n = posix.getdents(fd, address + 20_000, 100_000);
        while (n > 0) {
            for (int at = 20_000; at < 20_000 + n; at += memory.getShort(at + 16) & 0xffff) {
                int end = at + 19;
                while (memory.get(end) != 0) {
                    end++;
                }
                byte[] name = new byte[end - at - 19];
                memory.get(at + 19, name);
                names.add(new String(name, StandardCharsets.UTF_8));
            }
            n = posix.getdents(fd, address + 20_000, 100_000);
        }
        posix.close(fd);
        names.sort(null);
        return names;
    }
}
