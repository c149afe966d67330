package dev.nbroot.nfs.v3;

import dev.nbroot.nfs.rpc.RpcCall;
import dev.nbroot.nfs.xdr.XdrIn;
import dev.nbroot.nfs.xdr.XdrOut;
import java.util.Arrays;

/** REMOVE, RMDIR and RENAME (RFC 1813, 3.3.12 to 3.3.14). */
final class RemoveProcedures {
    private final Workspace w;
    private final Before before = new Before();
    private final Before secondBefore = new Before();

    RemoveProcedures(Workspace workspace) {
        this.w = workspace;
    }

    void remove(RpcCall call, XdrIn in, XdrOut out) {
        unlink(call, in, out, false);
    }

    void rmdir(RpcCall call, XdrIn in, XdrOut out) {
        unlink(call, in, out, true);
    }

    private void unlink(RpcCall call, XdrIn in, XdrOut out, boolean asDirectory) {
        Node directory = w.node(call, in);
        int status = w.scratch().readName(in);
        if (directory == null) {
            out.int32(w.status());
            out.bool(false);
            out.bool(false);
            return;
        }
        before.capture(w.attributes(directory));
        if (status == Status.OK && w.scratch().isDot()) {
            status = Status.INVAL;
        } else if (status == Status.OK && w.scratch().isDotDot()) {
            status = asDirectory ? Status.NOTEMPTY : Status.INVAL;
        } else if (status == Status.OK) {
            status = unlink(directory, w.caller(call, directory), asDirectory);
        }
        out.int32(status);
        w.change(out, before, directory);
    }

    private int unlink(Node directory, Caller caller, boolean asDirectory) {
        if (!w.writable(directory)) {
            return Status.ROFS;
        }
        w.identity().become(caller);
        byte[] victim = w.find().handleOf(directory, w.scratch().name());
        int result = w.posix().unlink(directory.place(), w.scratch().name(), asDirectory);
        if (result < 0) {
            return Status.of(result);
        }
        w.changed(directory);
        w.removed(victim, asDirectory);
        return Status.OK;
    }

    void rename(RpcCall call, XdrIn in, XdrOut out) {
        Node from = w.node(call, in);
        int fromWhy = w.status();
        int status = w.scratch().readName(in);
        Node to = w.node(call, in);
        int toWhy = w.status();
        int secondStatus = w.scratch().readSecondName(in);
        before.capture(from == null ? null : w.attributes(from));
        secondBefore.capture(to == null ? null : w.attributes(to));
        if (from == null || to == null) {
            status = from == null ? fromWhy : toWhy;
        } else if (status == Status.OK) {
            status = secondStatus;
        }
        if (status == Status.OK) {
            status = rename(from, to, w.caller(call, from));
        }
        out.int32(status);
        w.change(out, before, from);
        w.change(out, secondBefore, to);
    }

    private int rename(Node from, Node to, Caller caller) {
        if (from.export() != to.export()) {
            return Status.XDEV;
        }
        if (!w.writable(from)) {
            return Status.ROFS;
        }
        if (w.scratch().isDot() || w.scratch().isDotDot() || w.scratch().secondIsDots()) {
            return Status.INVAL;
        }
        w.identity().become(caller);
        byte[] moved = w.find().handleOf(from, w.scratch().name());
        byte[] victim = w.find().handleOf(to, w.scratch().secondName());
        int result = w.posix()
                .rename(
                        from.place(),
                        w.scratch().name(),
                        to.place(),
                        w.scratch().secondName());
        if (result < 0) {
            return Status.of(result);
        }
        w.changed(from);
        if (to != from) {
            w.changed(to);
        }
        if (!Arrays.equals(victim, moved)) {
            w.removed(victim, true);
        }
        return Status.OK;
    }
}
