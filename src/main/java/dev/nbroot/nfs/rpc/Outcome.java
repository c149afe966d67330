package dev.nbroot.nfs.rpc;

/** How a procedure ended, as the RPC layer sees it. */
public enum Outcome {
    /** The reply's body is written. */
    DONE,
    /** The program has no such procedure. */
    NO_SUCH_PROCEDURE,
    /** The reply comes later through a {@link Deferral}. */
    DEFERRED
}
