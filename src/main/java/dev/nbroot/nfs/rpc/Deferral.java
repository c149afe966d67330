package dev.nbroot.nfs.rpc;

import dev.nbroot.nfs.xdr.XdrOut;
import java.util.function.Consumer;

/** A call that is answered later. */
@FunctionalInterface
public interface Deferral {
    /**
     * Answers the call. May be used from any thread, once.
     *
     * @param body writes the reply's body, at most {@link ReplyRoom#SMALL} bytes; it runs on the loop's own thread,
     *     and runs even when the connection is gone meanwhile
     */
    void finish(Consumer<XdrOut> body);
}
