package dev.nbroot.tftp;

/** How a request ended. */
public enum Outcome {
    /** The client acknowledged the last block. */
    DONE,
    /** There is no such file. */
    MISSING,
    /** The file may not be served, or the client wanted to write. */
    DENIED,
    /**
     * The client asked only for the size, or tried an option, and stopped before the first block: what firmware does
     * before it asks again. No failure.
     */
    PROBE,
    /** The client ended a running transfer with an ERROR packet. */
    CLIENT_ERROR,
    /** The client's port is closed (ICMP said so), or the client started over from the same port. */
    CLIENT_GONE,
    /** The client stopped answering. */
    TIMED_OUT,
    /** A limit on transfers, ports or open files was reached. */
    OVER_LIMIT,
    /** The request is malformed, or asks for a transfer mode other than octet and netascii. */
    BAD_REQUEST,
    /** The server could not read the file. */
    FAILED,
    /** The server was closed during the transfer. */
    STOPPED
}
