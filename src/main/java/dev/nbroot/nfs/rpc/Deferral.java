package dev.nbroot.nfs.rpc;

import dev.nbroot.nfs.xdr.XdrOut;

/** A call that is answered later. */
@FunctionalInterface
public interface Deferral {
    /** Writes a reply's body. */
    @FunctionalInterface
    interface Body {
        /**
         * Writes it, on the loop's own thread.
         *
         * @param room takes a file's part behind at most {@link ReplyRoom#SMALL} bytes; it cannot {@code reserve}
         */
        void write(XdrOut out, ReplyRoom room);
    }

    /**
     * Answers the call. May be used from any thread, once.
     *
     * @param body runs even when the connection is gone meanwhile
     */
    void finish(Body body);
}
