package dev.nbroot.nfs.export;

/** Which callers lose their identity and act as nobody (65534:65534). */
public enum Squash {
    /** Nobody: root in the client is root here. What a diskless root needs. */
    NONE,
    /** Root. */
    ROOT,
    /** Everybody. */
    ALL
}
