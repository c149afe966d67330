package dev.nbroot.nfs.v3;

import dev.nbroot.nfs.rpc.RpcCall;
import dev.nbroot.nfs.xdr.XdrIn;
import dev.nbroot.nfs.xdr.XdrOut;
import dev.nbroot.system.PosixFiles;

/** GETATTR, SETATTR and ACCESS (RFC 1813, 3.3.1, 3.3.2, 3.3.4). */
final class AttributeProcedures {
    private static final int READ = 0x01;
    private static final int LOOKUP = 0x02;
    private static final int MODIFY = 0x04;
    private static final int EXTEND = 0x08;
    private static final int DELETE = 0x10;
    private static final int EXECUTE = 0x20;
    private static final int CHANGES = MODIFY | EXTEND | DELETE;
    private static final int ALL = READ | LOOKUP | CHANGES | EXECUTE;

    private final Workspace w;
    private final SetAttributes set;
    private final Before before = new Before();

    AttributeProcedures(Workspace workspace, SetAttributes set) {
        this.w = workspace;
        this.set = set;
    }

    void getattr(RpcCall call, XdrIn in, XdrOut out) {
        Node node = w.node(call, in);
        Attributes a = node == null ? null : w.attributes(node);
        if (a == null) {
            out.int32(w.status());
            return;
        }
        out.int32(Status.OK);
        a.write(out, node.export().id());
    }

    void setattr(RpcCall call, XdrIn in, XdrOut out) {
        Node node = w.node(call, in);
        set.read(in);
        boolean guarded = in.bool();
        int guardSeconds = guarded ? in.int32() : 0;
        int guardNanos = guarded ? in.int32() : 0;
        if (node == null) {
            out.int32(w.status());
            out.bool(false);
            out.bool(false);
            return;
        }
        Attributes a = w.attributes(node);
        before.capture(a);
        boolean stale = guarded && (a == null || a.changeSeconds() != guardSeconds || a.changeNanos() != guardNanos);
        out.int32(stale ? Status.NOT_SYNC : set.apply(node, w.caller(call, node)));
        w.change(out, before, node);
    }

    void access(RpcCall call, XdrIn in, XdrOut out) {
        Node node = w.node(call, in);
        int wanted = in.int32();
        Attributes a = node == null ? null : w.attributes(node);
        if (a == null) {
            out.int32(w.status());
            out.bool(false);
            return;
        }
        Caller caller = w.caller(call, node);
        boolean remembers = node.export().remembers();
        int granted;
        if (remembers && (wanted & ~node.accessKnown(caller)) == 0) {
            granted = node.accessGranted();
        } else {
            granted = ask(node, a, caller, wanted);
            if (remembers && node.attributesFresh(w.nodes().second())) {
                node.access(caller, wanted, granted);
            }
        }
        out.int32(Status.OK);
        out.bool(true);
        a.write(out, node.export().id());
        out.int32(granted & wanted & (w.writable(node) ? ALL : ALL & ~CHANGES));
    }

    private int ask(Node node, Attributes a, Caller caller, int wanted) {
        int write = a.isDirectory() ? MODIFY | EXTEND | DELETE : MODIFY | EXTEND;
        int execute = a.isDirectory() ? LOOKUP : EXECUTE;
        if (node.export().immutable()) {
            write = 0;
        }
        int modes = (wanted & READ) != 0 ? PosixFiles.MAY_READ : 0;
        modes |= (wanted & write) != 0 ? PosixFiles.MAY_WRITE : 0;
        modes |= (wanted & execute) != 0 ? PosixFiles.MAY_EXECUTE : 0;
        if (modes == 0) {
            return 0;
        }
        w.identity().become(caller);
        if (w.posix().faccess(node.place(), modes) >= 0) {
            return READ * bit(modes, PosixFiles.MAY_READ)
                    | write * bit(modes, PosixFiles.MAY_WRITE)
                    | execute * bit(modes, PosixFiles.MAY_EXECUTE);
        }
        return (allows(node, modes, PosixFiles.MAY_READ) ? READ : 0)
                | (allows(node, modes, PosixFiles.MAY_WRITE) ? write : 0)
                | (allows(node, modes, PosixFiles.MAY_EXECUTE) ? execute : 0);
    }

    private static int bit(int modes, int mode) {
        return (modes & mode) != 0 ? 1 : 0;
    }

    private boolean allows(Node node, int modes, int mode) {
        return (modes & mode) != 0 && w.posix().faccess(node.place(), mode) >= 0;
    }
}
