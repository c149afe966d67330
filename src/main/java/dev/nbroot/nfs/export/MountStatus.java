package dev.nbroot.nfs.export;

/** What MOUNT answers when it refuses (RFC 1813, 5.1.3, mountstat3). */
public enum MountStatus {
    /** Not the owner. */
    PERMISSION(1),
    /** No such export. */
    NO_SUCH_ENTRY(2),
    /** The tree could not be opened. */
    IO_ERROR(5),
    /** This client may not have it; klibc's nfsmount prints "Permission denied". */
    ACCESS(13),
    /** A component of the path is no directory. */
    NOT_A_DIRECTORY(20),
    /** The path makes no sense. */
    INVALID(22),
    /** A component of the path is too long. */
    NAME_TOO_LONG(63),
    /** Anything else. */
    SERVER_FAULT(10006);

    private final int code;

    MountStatus(int code) {
        this.code = code;
    }

    /** {@return the number on the wire} */
    public int code() {
        return code;
    }
}
