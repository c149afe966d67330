package dev.nbroot.nfs.rpc;

import dev.nbroot.nfs.xdr.XdrException;
import dev.nbroot.nfs.xdr.XdrIn;
import dev.nbroot.nfs.xdr.XdrOut;
import java.nio.ByteBuffer;

/**
 * One call's header. Reused for every call of a loop, so nothing may keep it.
 *
 * <pre>
 * xid | CALL=0 | rpcvers=2 | program | version | procedure | credential | verifier | arguments   (RFC 5531, 9)
 * credential: flavor, opaque&lt;400&gt;; AUTH_SYS: stamp, machine&lt;255&gt;, uid, gid, gids&lt;16&gt;            (RFC 5531, appendix A)
 * </pre>
 */
public final class RpcCall {
    /** The number of supplementary groups that AUTH_SYS carries at most. */
    public static final int MOST_GROUPS = 16;
    /** The credential flavor without an identity. */
    public static final int AUTH_NONE = 0;
    /** The credential flavor with numeric Unix ids. */
    public static final int AUTH_SYS = 1;

    private static final int MOST_CREDENTIAL_BYTES = 400;
    private static final int MOST_MACHINE_BYTES = 255;

    /** What the header turned out to be. */
    enum Kind {
        /** A call whose arguments come next. */
        CALL,
        /** Not a call: not to be answered. */
        NOISE,
        /** A call of another RPC version. */
        WRONG_RPC_VERSION,
        /** A call whose credential cannot be read, or is of a flavor that is not known: RPCSEC_GSS, AUTH_TLS. */
        BAD_CREDENTIAL,
        /** A call whose verifier cannot be read. */
        BAD_VERIFIER
    }

    private final DuplicateCache duplicates;
    private final int[] groups = new int[MOST_GROUPS];
    private int groupCount;
    private int xid;
    private int program;
    private int version;
    private int procedure;
    private int flavor;
    private int uid;
    private int gid;
    private Peer peer;
    private Endpoint endpoint;
    private DuplicateCache.Key kept;

    /**
     * Makes a call without a header.
     *
     * @param duplicates keeps the replies of those that must not be done twice
     */
    RpcCall(DuplicateCache duplicates) {
        this.duplicates = duplicates;
    }

    Kind parse(XdrIn in, Peer from, Endpoint through) {
        peer = from;
        endpoint = through;
        kept = null;
        if (in.remaining() < 8) {
            return Kind.NOISE;
        }
        xid = in.int32();
        if (in.int32() != 0) {
            return Kind.NOISE;
        }
        if (in.int32() != 2) {
            return Kind.WRONG_RPC_VERSION;
        }
        program = in.int32();
        version = in.int32();
        procedure = in.int32();
        try {
            credential(in);
        } catch (XdrException e) {
            return Kind.BAD_CREDENTIAL;
        }
        try {
            in.int32();
            in.opaque(MOST_CREDENTIAL_BYTES);
            return Kind.CALL;
        } catch (XdrException e) {
            return Kind.BAD_VERIFIER;
        }
    }

    private void credential(XdrIn in) {
        flavor = in.int32();
        groupCount = 0;
        uid = -1;
        gid = -1;
        if (flavor == AUTH_NONE) {
            in.opaque(MOST_CREDENTIAL_BYTES);
            return;
        }
        if (flavor != AUTH_SYS) {
            throw new XdrException("a credential of a flavor that is not known");
        }
        int length = in.int32();
        int before = in.remaining();
        if (length < 0 || length > MOST_CREDENTIAL_BYTES) {
            throw new XdrException("a credential is too long");
        }
        in.int32();
        in.opaque(MOST_MACHINE_BYTES);
        uid = in.int32();
        gid = in.int32();
        int count = in.int32();
        if (count < 0 || count > MOST_GROUPS) {
            throw new XdrException("too many groups");
        }
        for (int i = 0; i < count; i++) {
            groups[i] = in.int32();
        }
        groupCount = count;
        if (before - in.remaining() != length) {
            throw new XdrException("a credential's length is wrong");
        }
    }

    /** {@return the transaction id that the reply repeats} */
    public int xid() {
        return xid;
    }

    /** {@return the program number} */
    public int program() {
        return program;
    }

    /** {@return the program's version} */
    public int version() {
        return version;
    }

    /** {@return the procedure number} */
    public int procedure() {
        return procedure;
    }

    /** {@return the credential's flavor} */
    public int flavor() {
        return flavor;
    }

    /** {@return the caller's uid; -1 unless the flavor is AUTH_SYS} */
    public int uid() {
        return uid;
    }

    /** {@return the caller's gid; -1 unless the flavor is AUTH_SYS} */
    public int gid() {
        return gid;
    }

    /** {@return how many supplementary groups there are} */
    public int groupCount() {
        return groupCount;
    }

    /** {@return a supplementary group} */
    public int group(int index) {
        return groups[index];
    }

    /** {@return who calls} */
    public Peer peer() {
        return peer;
    }

    /** {@return what this call gave to {@link #progress(Object)} in its last turn; null in its first} */
    public Object progress() {
        return endpoint == null ? null : endpoint.progress();
    }

    /** Keeps something until this call's next turn; the procedure then returns {@link Outcome#AGAIN}. */
    public void progress(Object what) {
        endpoint.progress(what);
    }

    /** {@return whether {@link #defer} may be used, and {@link Outcome#AGAIN}: not on UDP} */
    public boolean canDefer() {
        return endpoint != null && endpoint.canDefer();
    }

    /** {@return whether {@link #park} may be used: not when too many that came over UDP are parked} */
    public boolean canPark() {
        return endpoint != null && endpoint.canPark();
    }

    /**
     * {@return what wakes this call, from any thread, once} The procedure then returns {@link Outcome#PARKED}, or throws
     * {@link ParkedCall}, and until it is woken none of the connection's calls is begun.
     */
    public Runnable park() {
        return endpoint.park();
    }

    /** {@return the means to answer later; the procedure then returns {@link Outcome#DEFERRED}} */
    public Deferral defer() {
        Deferral deferral = endpoint.defer(xid);
        return kept == null ? deferral : kept(deferral, xid, kept);
    }

    /** Has a reply that comes later kept for those who repeat the call. */
    void keepLateReply(DuplicateCache.Key key) {
        kept = key;
    }

    private Deferral kept(Deferral deferral, int xid, DuplicateCache.Key key) {
        return body -> deferral.finish((out, room) -> {
            int from = out.position();
            body.write(out, room);
            ByteBuffer reply = ByteBuffer.allocate(RpcDispatcher.HEADER_BYTES + out.position() - from);
            XdrOut header = new XdrOut();
            header.reset(reply);
            RpcDispatcher.header(header, xid, 0);
            reply.put(reply.position(), out.buffer(), from, reply.remaining());
            duplicates.done(key, reply.array(), System.nanoTime());
        });
    }
}
