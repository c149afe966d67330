package dev.nbroot.system.linux;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import dev.nbroot.system.PosixFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** {@link PosixFiles} on Linux, 64 bit, with glibc 2.33 or newer. */
public final class LinuxPosixFiles implements PosixFiles {
    private static final int O_RDONLY = 0;
    private static final int O_WRONLY = 1;
    private static final int O_RDWR = 2;
    private static final int O_CREAT = 0100;
    private static final int O_EXCL = 0200;
    private static final int O_NOCTTY = 0400;
    private static final int O_NONBLOCK = 04000;
    private static final int O_CLOEXEC = 02000000;
    private static final int O_PATH = 010000000;

    private static final int AT_EACCESS = 0x200;
    private static final int AT_REMOVEDIR = 0x200;
    private static final int AT_SYMLINK_NOFOLLOW = 0x100;
    private static final int AT_SYMLINK_FOLLOW = 0x400;
    private static final int AT_EMPTY_PATH = 0x1000;
    private static final int STATX_BASIC_STATS_AND_MOUNT_ID = 0x7ff | 0x1000;
    private static final int RUSAGE_THREAD = 1;
    /** Offset in struct rusage of 64-bit systems. */
    private static final int RU_INBLOCK = 88;

    private static final int CLONE_FS = 0x200;
    private static final int RWF_NOWAIT = 8;
    private static final long SYS_OPENAT2 = 437;
    private static final long SYS_FACCESSAT2 = 439;
    private static final long RESOLVE_CACHED = 0x20;
    /** RESOLVE_NO_XDEV, RESOLVE_NO_MAGICLINKS, RESOLVE_NO_SYMLINKS, RESOLVE_BENEATH. */
    private static final long RESOLVE_INSIDE = 0x1 | 0x2 | 0x4 | 0x8;
    /** struct open_how: flags, mode, resolve. */
    private static final int OPEN_HOW_BYTES = 24;

    private final boolean arm = System.getProperty("os.arch").equals("aarch64");
    private final int oDirectory = arm ? 040000 : 0200000;
    private final int oNofollow = arm ? 0100000 : 0400000;
    private final long sysSetgroups = arm ? 159 : 116;
    private final ByteBuffer emptyBuffer = ByteBuffer.allocateDirect(8);
    private final long empty = address(emptyBuffer);

    @Override
    public String reason(int error) {
        return KernelCalls.strerror(error);
    }

    @Override
    public long address(ByteBuffer direct) {
        return Pointer.nativeValue(Native.getDirectBufferPointer(direct));
    }

    private int flags(int flags) {
        int result = O_CLOEXEC;
        if ((flags & PLACE) != 0) {
            result |= O_PATH;
        } else {
            int access = flags & (READ | WRITE);
            result |= access == (READ | WRITE) ? O_RDWR : access == WRITE ? O_WRONLY : O_RDONLY;
            result |= O_NONBLOCK | O_NOCTTY;
        }
        if ((flags & CREATE_NEW) != 0) {
            result |= O_CREAT | O_EXCL;
        }
        if ((flags & DIRECTORY) != 0) {
            result |= oDirectory;
        }
        if ((flags & FOLLOW) == 0) {
            result |= oNofollow;
        }
        return result;
    }

    private static int checked(int result) {
        return result < 0 ? -Native.getLastError() : result;
    }

    private static long checked(long result) {
        return result < 0 ? -Native.getLastError() : result;
    }

    @Override
    public int open(int directory, long path, int flags, int mode) {
        return checked(PosixLibrary.openat(directory, path, flags(flags), mode));
    }

    @Override
    public int openCached(int directory, long name, long how) {
        return open(directory, name, flags(PLACE), RESOLVE_CACHED, how);
    }

    @Override
    public int openBeneath(int directory, long path, int flags, long how) {
        return open(directory, path, flags(flags), RESOLVE_INSIDE, how);
    }

    private static int open(int directory, long path, int flags, long resolve, long how) {
        Pointer struct = new Pointer(how);
        struct.setLong(0, flags);
        struct.setLong(8, 0);
        struct.setLong(16, resolve);
        return (int) checked(PosixLibrary.syscall(SYS_OPENAT2, directory, path, how, OPEN_HOW_BYTES));
    }

    @Override
    public long blocksRead(long out) {
        int result = checked(PosixLibrary.getrusage(RUSAGE_THREAD, out));
        return result < 0 ? result : new Pointer(out).getLong(RU_INBLOCK);
    }

    @Override
    public int close(int descriptor) {
        return checked(PosixLibrary.close(descriptor));
    }

    @Override
    public int statx(int descriptor, long out) {
        return checked(PosixLibrary.statx(descriptor, empty, AT_EMPTY_PATH, STATX_BASIC_STATS_AND_MOUNT_ID, out));
    }

    @Override
    public int statxAt(int directory, long name, long out) {
        return checked(PosixLibrary.statx(directory, name, AT_SYMLINK_NOFOLLOW, STATX_BASIC_STATS_AND_MOUNT_ID, out));
    }

    @Override
    public int handleOf(int descriptor, long handle, long mountId) {
        return checked(PosixLibrary.name_to_handle_at(descriptor, empty, handle, mountId, AT_EMPTY_PATH));
    }

    @Override
    public int handleAt(int directory, long name, long handle, long mountId) {
        return checked(PosixLibrary.name_to_handle_at(directory, name, handle, mountId, 0));
    }

    @Override
    public int openByHandle(int mount, long handle, int flags) {
        return checked(PosixLibrary.open_by_handle_at(mount, handle, flags(flags)));
    }

    @Override
    public int faccess(int descriptor, int mode) {
        return (int) checked(PosixLibrary.syscall(SYS_FACCESSAT2, descriptor, empty, mode, AT_EACCESS | AT_EMPTY_PATH));
    }

    @Override
    public FileChannel channel(int descriptor) throws IOException {
        return FileChannel.open(Path.of("/proc/self/fd/" + descriptor), StandardOpenOption.READ);
    }

    @Override
    public long pread(int descriptor, long buffer, long count, long offset) {
        return checked(PosixLibrary.pread(descriptor, buffer, count, offset));
    }

    @Override
    public long preadCached(int descriptor, long vector, long offset) {
        return checked(PosixLibrary.preadv2(descriptor, vector, 1, offset, RWF_NOWAIT));
    }

    @Override
    public long pwrite(int descriptor, long buffer, long count, long offset) {
        return checked(PosixLibrary.pwrite(descriptor, buffer, count, offset));
    }

    @Override
    public int fsync(int descriptor) {
        return checked(PosixLibrary.fsync(descriptor));
    }

    @Override
    public int fdatasync(int descriptor) {
        return checked(PosixLibrary.fdatasync(descriptor));
    }

    @Override
    public int syncFileSystem(int descriptor) {
        return checked(PosixLibrary.syncfs(descriptor));
    }

    @Override
    public int truncate(int descriptor, long size) {
        return checked(PosixLibrary.ftruncate(descriptor, size));
    }

    @Override
    public int chmod(long path, int mode) {
        return checked(PosixLibrary.fchmodat(NO_DIRECTORY, path, mode, 0));
    }

    @Override
    public int chown(int descriptor, int uid, int gid) {
        return checked(PosixLibrary.fchownat(descriptor, empty, uid, gid, AT_EMPTY_PATH));
    }

    @Override
    public int utimens(int descriptor, long times) {
        return checked(PosixLibrary.utimensat(descriptor, empty, times, AT_EMPTY_PATH));
    }

    @Override
    public int mkdir(int directory, long name, int mode) {
        return checked(PosixLibrary.mkdirat(directory, name, mode));
    }

    @Override
    public int mknod(int directory, long name, int mode, int major, int minor) {
        // The layout of glibc's dev_t, makedev(3).
        long device =
                (minor & 0xffL) | (major & 0xfffL) << 8 | (minor & 0xffffff00L) << 12 | (major & 0xfffff000L) << 32;
        return checked(PosixLibrary.mknodat(directory, name, mode, device));
    }

    @Override
    public int symlink(long target, int directory, long name) {
        return checked(PosixLibrary.symlinkat(target, directory, name));
    }

    @Override
    public int link(long existing, int directory, long name) {
        return checked(PosixLibrary.linkat(NO_DIRECTORY, existing, directory, name, AT_SYMLINK_FOLLOW));
    }

    @Override
    public int rename(int fromDirectory, long fromName, int toDirectory, long toName) {
        return checked(PosixLibrary.renameat(fromDirectory, fromName, toDirectory, toName));
    }

    @Override
    public int unlink(int parent, long name, boolean directory) {
        return checked(PosixLibrary.unlinkat(parent, name, directory ? AT_REMOVEDIR : 0));
    }

    @Override
    public long readlink(int descriptor, long buffer, long count) {
        return checked(PosixLibrary.readlinkat(descriptor, empty, buffer, count));
    }

    @Override
    public long readlinkAt(int directory, long name, long buffer, long count) {
        return checked(PosixLibrary.readlinkat(directory, name, buffer, count));
    }

    @Override
    public long getXattrOfName(long path, long name, long value, long size) {
        return checked(PosixLibrary.lgetxattr(path, name, value, size));
    }

    @Override
    public long listXattrOfName(long path, long list, long size) {
        return checked(PosixLibrary.llistxattr(path, list, size));
    }

    @Override
    public long getXattr(long path, long name, long value, long size) {
        return checked(PosixLibrary.getxattr(path, name, value, size));
    }

    @Override
    public int setXattr(long path, long name, long value, long size) {
        return checked(PosixLibrary.setxattr(path, name, value, size, 0));
    }

    @Override
    public int removeXattr(long path, long name) {
        return checked(PosixLibrary.removexattr(path, name));
    }

    @Override
    public long getdents(int descriptor, long buffer, long count) {
        return checked(PosixLibrary.getdents64(descriptor, buffer, count));
    }

    @Override
    public long seek(int descriptor, long offset) {
        return checked(PosixLibrary.lseek(descriptor, offset, 0));
    }

    @Override
    public int statvfs(int descriptor, long out) {
        return checked(PosixLibrary.fstatvfs(descriptor, out));
    }

    @Override
    public void setFsUser(int uid) {
        PosixLibrary.setfsuid(uid);
    }

    @Override
    public void setFsGroup(int gid) {
        PosixLibrary.setfsgid(gid);
    }

    @Override
    public int setThreadGroups(int count, long gids) {
        return (int) checked(PosixLibrary.syscall(sysSetgroups, count, gids, 0, 0));
    }

    @Override
    public int clearThreadUmask() {
        int result = checked(PosixLibrary.unshare(CLONE_FS));
        if (result == 0) {
            PosixLibrary.umask(0);
        }
        return result;
    }
}
