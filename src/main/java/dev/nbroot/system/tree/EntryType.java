package dev.nbroot.system.tree;

/** What a name of a tree is, by the file type bits of st_mode (inode(7)). */
public enum EntryType {
    /** A regular file. */
    FILE("file", 0x8),
    /** A directory. */
    DIRECTORY("dir", 0x4),
    /** A symbolic link. */
    LINK("link", 0xa),
    /** A character device. */
    CHARACTER("char", 0x2),
    /** A block device. */
    BLOCK("block", 0x6),
    /** A named pipe. */
    FIFO("fifo", 0x1),
    /** A socket. */
    SOCKET("socket", 0xc);

    private final String word;
    private final int bits;

    EntryType(String word, int bits) {
        this.word = word;
        this.bits = bits;
    }

    /** {@return mtree(5)'s word, such as {@code dir}} */
    public String word() {
        return word;
    }

    boolean isDevice() {
        return this == CHARACTER || this == BLOCK;
    }

    static EntryType of(int mode) {
        for (EntryType type : values()) {
            if (type.bits == mode >> 12) {
                return type;
            }
        }
        throw new IllegalArgumentException("no file type: " + Integer.toOctalString(mode));
    }
}
