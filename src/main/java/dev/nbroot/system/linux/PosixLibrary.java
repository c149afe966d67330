package dev.nbroot.system.linux;

import com.sun.jna.Native;

/**
 * The C library's functions, bound directly and with primitive arguments only: no marshalling stands between a call and
 * the kernel.
 *
 * <p>The library keeps errno per thread at the moment a direct call returns, so {@link Native#getLastError} right after
 * it is reliable: the Java machine's own calls in between do not change that copy.
 */
final class PosixLibrary {
    static {
        Native.register(PosixLibrary.class, "c");
    }

    private PosixLibrary() {}

    static native int openat(int directory, long path, int flags, int mode);

    static native int close(int descriptor);

    static native int statx(int directory, long path, int flags, int mask, long out);

    static native int name_to_handle_at(int directory, long path, long handle, long mountId, int flags);

    static native int open_by_handle_at(int mount, long handle, int flags);

    static native long pread(int descriptor, long buffer, long count, long offset);

    static native long preadv2(int descriptor, long vectors, int count, long offset, int flags);

    static native long pwrite(int descriptor, long buffer, long count, long offset);

    static native int fsync(int descriptor);

    static native int fdatasync(int descriptor);

    static native int getrusage(int who, long out);

    static native int syncfs(int descriptor);

    static native int ftruncate(int descriptor, long size);

    static native int fchmodat(int directory, long path, int mode, int flags);

    static native int fchownat(int directory, long path, int uid, int gid, int flags);

    static native int utimensat(int directory, long path, long times, int flags);

    static native int mkdirat(int directory, long name, int mode);

    static native int mknodat(int directory, long name, int mode, long device);

    static native int symlinkat(long target, int directory, long name);

    static native int linkat(int fromDirectory, long fromName, int toDirectory, long toName, int flags);

    static native int renameat(int fromDirectory, long fromName, int toDirectory, long toName);

    static native int unlinkat(int directory, long name, int flags);

    static native long readlinkat(int directory, long path, long buffer, long count);

    static native long getxattr(long path, long name, long value, long size);

    static native long lgetxattr(long path, long name, long value, long size);

    static native long llistxattr(long path, long list, long size);

    static native int setxattr(long path, long name, long value, long size, int flags);

    static native int removexattr(long path, long name);

    static native long getdents64(int descriptor, long buffer, long count);

    static native long lseek(int descriptor, long offset, int whence);

    static native int fstatvfs(int descriptor, long out);

    static native int setfsuid(int uid);

    static native int setfsgid(int gid);

    static native int unshare(int flags);

    static native int umask(int mask);

    static native long syscall(long number, long first, long second, long third, long fourth);
}
