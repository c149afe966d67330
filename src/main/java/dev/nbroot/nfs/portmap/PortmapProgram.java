package dev.nbroot.nfs.portmap;

import dev.nbroot.nfs.rpc.Outcome;
import dev.nbroot.nfs.rpc.ReplyRoom;
import dev.nbroot.nfs.rpc.RpcCall;
import dev.nbroot.nfs.rpc.RpcProgram;
import dev.nbroot.nfs.xdr.XdrIn;
import dev.nbroot.nfs.xdr.XdrOut;
import java.util.List;
import java.util.function.Supplier;

/**
 * The port mapper program: tells where our own programs listen. Takes no registrations, and makes no calls for others
 * (PMAPPROC_CALLIT is how reflection attacks are made).
 */
public final class PortmapProgram implements RpcProgram {
    /** The program number. */
    public static final int NUMBER = 100000;
    /** The port where everybody looks for it. */
    public static final int PORT = 111;

    static final int VERSION = 2;
    static final int SET = 1;
    static final int UNSET = 2;
    static final int GETPORT = 3;

    private final Supplier<List<Mapping>> mappings;

    /**
     * Makes the program.
     *
     * @param mappings what there is; asked at every call
     */
    public PortmapProgram(Supplier<List<Mapping>> mappings) {
        this.mappings = mappings;
    }

    @Override
    public int number() {
        return NUMBER;
    }

    @Override
    public int version() {
        return VERSION;
    }

    @Override
    public Outcome call(RpcCall call, XdrIn in, XdrOut out, ReplyRoom room) {
        switch (call.procedure()) {
            case 0 -> {}
            case SET, UNSET -> out.bool(false);
            case GETPORT -> getport(in, out);
            case 4 -> dump(out);
            default -> {
                return Outcome.NO_SUCH_PROCEDURE;
            }
        }
        return Outcome.DONE;
    }

    private void getport(XdrIn in, XdrOut out) {
        int program = in.int32();
        int version = in.int32();
        int protocol = in.int32();
        in.int32();
        int port = 0;
        for (Mapping m : mappings.get()) {
            if (m.program() == program && m.protocol() == protocol && (m.version() == version || port == 0)) {
                port = m.port();
            }
        }
        out.int32(port);
    }

    private void dump(XdrOut out) {
        for (Mapping m : mappings.get()) {
            out.bool(true);
            out.int32(m.program());
            out.int32(m.version());
            out.int32(m.protocol());
            out.int32(m.port());
        }
        out.bool(false);
    }
}
