package dev.nbroot.nfs.export;

/**
 * Which callers lose their identity, and as whom they act instead. A caller without a Unix identity (AUTH_NONE) always
 * acts as that one.
 *
 * @param whose who loses it
 * @param uid the user they become, as the kernel's 32 bits; never -1, which means "no change" to the kernel's calls
 * @param gid the group they become; never -1
 */
public record Squash(Whose whose, int uid, int gid) {
    /** Nobody and nogroup, whom squashed callers become unless something else is said. */
    public static final int NOBODY = 65534;

    /** Whose identity is taken away. */
    public enum Whose {
        /** No one's: root in the client is root here. What a diskless root needs. */
        NO_ONE,
        /** Root's, user and group each by itself. */
        ROOT,
        /** Everybody's. */
        EVERYBODY
    }

    /** Nobody: root in the client is root here. What a diskless root needs. */
    public static final Squash NONE = new Squash(Whose.NO_ONE, NOBODY, NOBODY);
    /** Root becomes nobody. */
    public static final Squash ROOT = new Squash(Whose.ROOT, NOBODY, NOBODY);
    /** Everybody becomes nobody. */
    public static final Squash ALL = new Squash(Whose.EVERYBODY, NOBODY, NOBODY);

    /** Checks the ids. */
    public Squash {
        if (uid == -1 || gid == -1) {
            throw new IllegalArgumentException("nobody can act as id -1");
        }
    }

    /** {@return whether the owner of this user or group id loses it} */
    public boolean takes(int id) {
        return id == -1 || whose == Whose.EVERYBODY || whose == Whose.ROOT && id == 0;
    }
}
