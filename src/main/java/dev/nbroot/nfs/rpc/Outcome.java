package dev.nbroot.nfs.rpc;

/** How a procedure ended, as the RPC layer sees it. */
public enum Outcome {
    /** The reply's body is written. */
    DONE,
    /** The program has no such procedure. */
    NO_SUCH_PROCEDURE,
    /** A part is done; after the others' turn the same call is to come again, see {@link RpcCall#progress}. */
    AGAIN,
    /** The same call is to come again when it is woken, see {@link RpcCall#park}; the connection's others wait too. */
    PARKED,
    /** The reply comes later through a {@link Deferral}. */
    DEFERRED
}
