package dev.nbroot.system;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/**
 * The kernel's file calls on descriptors, as a file server needs them: a thin port with primitive arguments, because a
 * call must cost little more than the kernel's own time.
 *
 * <p>Results below zero are negated errno values (errno(3)); nothing here throws for a failed call. Addresses are those
 * of direct buffers ({@link #address}); names are zero-terminated bytes. Every descriptor is close-on-exec. Calls act
 * with the identity of the calling kernel thread, see {@link #setFsUser}.
 */
public interface PosixFiles {
    /** Stands for the working directory where a call takes a directory; for absolute paths. */
    int NO_DIRECTORY = -100;

    /** {@link #open} flag: read. May be combined with {@link #WRITE}. */
    int READ = 1;
    /** {@link #open} flag: write. */
    int WRITE = 2;
    /** {@link #open} flag: create, and fail when the name exists. */
    int CREATE_NEW = 4;
    /** {@link #open} flag: only a place in the tree, neither readable nor writable (O_PATH). */
    int PLACE = 8;
    /** {@link #open} flag: fail when it is no directory. */
    int DIRECTORY = 16;
    /** {@link #open} flag: follow a symbolic link in the last component; without it a link is an error or itself. */
    int FOLLOW = 32;

    /** {@link #faccess} mode: read. */
    int MAY_READ = 4;
    /** {@link #faccess} mode: write. */
    int MAY_WRITE = 2;
    /** {@link #faccess} mode: execute or search. */
    int MAY_EXECUTE = 1;

    /**
     * {@return an error in the kernel's words, as in "Permission denied"}
     *
     * @param error an errno value, positive
     */
    String reason(int error);

    /** {@return the address of a direct buffer's first byte} */
    long address(ByteBuffer direct);

    /** openat(2), with the flags of this interface; never blocks on a FIFO, never gains a controlling terminal. */
    int open(int directory, long path, int flags, int mode);

    /**
     * openat2(2) of a name as a {@link #PLACE}, with RESOLVE_CACHED: only if the kernel need not look on a disk for it.
     *
     * @param how 24 bytes for the call's own use
     * @return -EAGAIN when it would have to; -EINVAL or -ENOSYS from a kernel before 5.12, which cannot tell
     */
    int openCached(int directory, long name, long how);

    /**
     * openat2(2) below a directory: no {@code ..}, no symbolic link on the way and no other mount leads out of it. With
     * {@link #PLACE} the last name may be a symbolic link, and is opened itself.
     *
     * @param path several names, relative to the directory
     * @param how 24 bytes for the call's own use
     * @return -ELOOP where a symbolic link is on the way, -EXDEV where something is mounted
     */
    int openBeneath(int directory, long path, int flags, long how);

    /**
     * getrusage(2) of the calling thread.
     *
     * @param out 144 bytes for the call's own use
     * @return how many blocks the thread has had read from disks (ru_inblock), or a negated errno value
     */
    long blocksRead(long out);

    /** close(2). */
    int close(int descriptor);

    /** statx(2) of the descriptor itself: 256 bytes at {@code out}, basic fields and mount id. */
    int statx(int descriptor, long out);

    /** statx(2) of a name in a directory; a symbolic link is not followed. */
    int statxAt(int directory, long name, long out);

    /** name_to_handle_at(2) of the descriptor itself; {@code handle} is a struct file_handle with its size set. */
    int handleOf(int descriptor, long handle, long mountId);

    /** name_to_handle_at(2) of a name in a directory; a symbolic link is not followed. */
    int handleAt(int directory, long name, long handle, long mountId);

    /** open_by_handle_at(2) with the flags of {@link #open}; needs root. */
    int openByHandle(int mount, long handle, int flags);

    /** faccessat2(2) of the descriptor itself with the thread's effective identity (AT_EACCESS). */
    int faccess(int descriptor, int mode);

    /** pread(2). */
    long pread(int descriptor, long buffer, long count, long offset);

    /**
     * {@return a channel with a descriptor of its own, to read the same file with (sendfile(2))}
     *
     * @throws IOException when there is none; out of descriptors, most likely
     */
    FileChannel channel(int descriptor) throws IOException;

    /**
     * preadv2(2) with RWF_NOWAIT: reads what is in the page cache only, into one struct iovec.
     *
     * @return less than asked for where the rest would have to wait; -EAGAIN when all would; -EOPNOTSUPP where the file
     *     system cannot tell
     */
    long preadCached(int descriptor, long vector, long offset);

    /** pwrite(2). */
    long pwrite(int descriptor, long buffer, long count, long offset);

    /** fsync(2). */
    int fsync(int descriptor);

    /** fdatasync(2). */
    int fdatasync(int descriptor);

    /** syncfs(2) of the file system that the descriptor is on. */
    int syncFileSystem(int descriptor);

    /** ftruncate(2). */
    int truncate(int descriptor, long size);

    /** chmod(2): follows links, so give it a {@code /proc/self/fd} path. */
    int chmod(long path, int mode);

    /** fchownat(2) of the descriptor itself; -1 leaves an id as it is. */
    int chown(int descriptor, int uid, int gid);

    /** utimensat(2) of the descriptor itself; {@code times} are two struct timespec. */
    int utimens(int descriptor, long times);

    /** mkdirat(2). */
    int mkdir(int directory, long name, int mode);

    /** mknodat(2); {@code mode} has the type. */
    int mknod(int directory, long name, int mode, int major, int minor);

    /** symlinkat(2). */
    int symlink(long target, int directory, long name);

    /** linkat(2) of an existing path, followed: give it a {@code /proc/self/fd} path. */
    int link(long existing, int directory, long name);

    /** renameat(2). */
    int rename(int fromDirectory, long fromName, int toDirectory, long toName);

    /** unlinkat(2); {@code directory} tells whether a directory is to be removed. */
    int unlink(int parent, long name, boolean directory);

    /** readlinkat(2) of the descriptor itself. */
    long readlink(int descriptor, long buffer, long count);

    /** readlinkat(2) of a name in a directory. */
    long readlinkAt(int directory, long name, long buffer, long count);

    /** getxattr(2): follows links, so give it a {@code /proc/self/fd} path. */
    long getXattr(long path, long name, long value, long size);

    /** lgetxattr(2): does not follow a link in the last component, so {@code /proc/self/fd/N/NAME} is NAME itself. */
    long getXattrOfName(long path, long name, long value, long size);

    /** llistxattr(2): as {@link #getXattrOfName}; zero-terminated names one behind the other. */
    long listXattrOfName(long path, long list, long size);

    /** setxattr(2): follows links, so give it a {@code /proc/self/fd} path. */
    int setXattr(long path, long name, long value, long size);

    /** removexattr(2): follows links, so give it a {@code /proc/self/fd} path. */
    int removeXattr(long path, long name);

    /** getdents64(2). */
    long getdents(int descriptor, long buffer, long count);

    /** lseek(2) from the start. */
    long seek(int descriptor, long offset);

    /** fstatvfs(3) of the descriptor. */
    int statvfs(int descriptor, long out);

    /**
     * setfsuid(2) for the calling thread. Leaving 0 drops the capabilities that override file permissions, returning
     * to 0 gives them back (capabilities(7), "Effect of user ID changes").
     */
    void setFsUser(int uid);

    /** setfsgid(2) for the calling thread. */
    void setFsGroup(int gid);

    /** The raw setgroups system call: for the calling thread only, unlike the C library's setgroups(2). */
    int setThreadGroups(int count, long gids);

    /** Gives the calling thread a umask of its own (unshare(2), CLONE_FS) and clears it. */
    int clearThreadUmask();
}
