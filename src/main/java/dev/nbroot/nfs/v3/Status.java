package dev.nbroot.nfs.v3;

/** The numbers of nfsstat3 (RFC 1813, 2.6) and their relation to errno(3). */
final class Status {
    static final int OK = 0;
    static final int PERM = 1;
    static final int NOENT = 2;
    static final int IO = 5;
    static final int NXIO = 6;
    static final int ACCES = 13;
    static final int EXIST = 17;
    static final int XDEV = 18;
    static final int NODEV = 19;
    static final int NOTDIR = 20;
    static final int ISDIR = 21;
    static final int INVAL = 22;
    static final int FBIG = 27;
    static final int NOSPC = 28;
    static final int ROFS = 30;
    static final int MLINK = 31;
    static final int NAMETOOLONG = 63;
    static final int NOTEMPTY = 66;
    static final int DQUOT = 69;
    static final int STALE = 70;
    static final int BADHANDLE = 10001;
    static final int NOT_SYNC = 10002;
    static final int BAD_COOKIE = 10003;
    static final int NOTSUPP = 10004;
    static final int TOOSMALL = 10005;
    static final int SERVERFAULT = 10006;
    static final int BADTYPE = 10007;
    static final int JUKEBOX = 10008;

    static final int EIO = 5;
    static final int ENOENT = 2;
    static final int EAGAIN = 11;
    static final int EOPNOTSUPP = 95;
    static final int EACCES = 13;
    static final int EEXIST = 17;

    private Status() {}

    /**
     * Translates a result of PosixFiles.
     *
     * @param result a negated errno value
     */
    static int of(long result) {
        int errno = (int) -result;
        switch (errno) {
            case PERM, NOENT, IO, NXIO, ACCES, EXIST, XDEV, NODEV, NOTDIR, ISDIR, INVAL, FBIG, NOSPC, ROFS, MLINK:
                return errno;
            case 36: // ENAMETOOLONG
                return NAMETOOLONG;
            case 39: // ENOTEMPTY
                return NOTEMPTY;
            case 122: // EDQUOT
                return DQUOT;
            case 116: // ESTALE
                return STALE;
            case EOPNOTSUPP:
                return NOTSUPP;
            case 40: // ELOOP: a name became a symbolic link meanwhile
            case 75: // EOVERFLOW
                return INVAL;
            case 26: // ETXTBSY
            case 16: // EBUSY
                return ACCES;
            case 4: // EINTR
            case EAGAIN:
            case 12: // ENOMEM
            case 23: // ENFILE
            case 24: // EMFILE: the client tries again later
                return JUKEBOX;
            default:
                return IO;
        }
    }
}
