package dev.nbroot.http;

/** How a request ended. */
public enum HttpOutcome {
    /** Everything that was asked for was handed to the kernel. */
    DONE,
    /** The client asked for the headers only. */
    PROBE,
    /** The client has the file already (304). */
    UNCHANGED,
    /** There is no such file. */
    MISSING,
    /** The file may not be served, or the client wanted something else than to read. */
    DENIED,
    /** The request asks for bytes that the file has not. */
    BAD_REQUEST,
    /** The client closed the connection. */
    CLIENT_GONE,
    /** The client took nothing for too long. */
    TIMED_OUT,
    /** This client has too many requests open. */
    OVER_LIMIT,
    /** The server could not read the file. */
    FAILED
}
