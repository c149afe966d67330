package dev.nbroot.nfs.rpc;

import dev.nbroot.nfs.xdr.XdrIn;
import dev.nbroot.nfs.xdr.XdrOut;

/** One RPC program. An instance belongs to one loop and is called by its thread only. */
public interface RpcProgram {
    /** {@return the program number} */
    int number();

    /** {@return the one version that is served} */
    int version();

    /**
     * Tells whether a call, done twice, would do harm or fail the second time: its reply is then kept for a while and
     * sent again when the client repeats the call.
     */
    default boolean remembered(int procedure) {
        return false;
    }

    /**
     * Handles a call.
     *
     * @param call its header; not to be kept
     * @param in its arguments; an {@link dev.nbroot.nfs.xdr.XdrException} tells the caller that they are garbage
     * @param out takes the reply's body
     * @param room asks for a body larger than {@link ReplyRoom#SMALL}
     */
    Outcome call(RpcCall call, XdrIn in, XdrOut out, ReplyRoom room);

    /** Called about once a second by the loop's thread. */
    default void tick() {}

    /** Called by the loop's thread when it ends. */
    default void close() {}
}
