package dev.nbroot.nfs.export;

/** Who changes an exported tree while it is exported: what the server may remember of it. */
public enum Changes {
    /** Nobody, ever. The server remembers everything; writing is refused. */
    NEVER,
    /** Only clients of this server. */
    HERE_ONLY,
    /** Other programs too. The server remembers nothing but descriptors. */
    ANYWHERE
}
