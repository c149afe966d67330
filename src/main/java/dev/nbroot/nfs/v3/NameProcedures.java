package dev.nbroot.nfs.v3;

import dev.nbroot.nfs.rpc.Outcome;
import dev.nbroot.nfs.rpc.ReplyRoom;
import dev.nbroot.nfs.rpc.RpcCall;
import dev.nbroot.nfs.xdr.XdrIn;
import dev.nbroot.nfs.xdr.XdrOut;

/** LOOKUP and READLINK (RFC 1813, 3.3.3, 3.3.5). */
final class NameProcedures {
    private static final int ATTRIBUTES_AND_LENGTH = 4 + 4 + Attributes.BYTES + 4;

    private final Workspace w;
    private final ExportBounds bounds;
    private final ColdPlaces cold;

    NameProcedures(Workspace workspace) {
        this.w = workspace;
        this.bounds = new ExportBounds(workspace);
        this.cold = workspace.cold();
    }

    Outcome lookup(RpcCall call, XdrIn in, XdrOut out) {
        Node directory = w.node(call, in);
        int status = w.scratch().readName(in);
        if (directory == null) {
            out.int32(w.status());
            out.bool(false);
            return Outcome.DONE;
        }
        if (status == Status.OK && cold.parksName(call, directory)) {
            return Outcome.PARKED;
        }
        Node child = status == Status.OK ? find(call, directory) : null;
        Attributes a = child == null ? null : w.attributes(child);
        if (a == null) {
            out.int32(status == Status.OK ? w.status() : status);
            w.after(out, directory);
            return Outcome.DONE;
        }
        out.int32(Status.OK);
        Workspace.handle(out, child);
        out.bool(true);
        a.write(out, child.export().id());
        w.after(out, directory);
        return Outcome.DONE;
    }

    /** The parent of an export's root is the root itself: nothing above it can be reached. */
    private Node find(RpcCall call, Node directory) {
        w.identity().become(w.caller(call, directory));
        if (!w.scratch().isDotDot()) {
            long start = System.nanoTime();
            Node child = w.find().child(directory);
            cold.took(directory.export(), System.nanoTime() - start);
            return child;
        }
        return directory.isRoot() ? directory : parent(directory);
    }

    /** A directory that was moved out of the export while a client held it has a parent that is none of its business. */
    private Node parent(Node directory) {
        Node parent = w.find().child(directory);
        return parent == null || bounds.holds(parent) ? parent : w.find().fail(Status.STALE);
    }

    void readlink(RpcCall call, XdrIn in, XdrOut out, ReplyRoom room) {
        room.reserve(ReplyRoom.SMALL + Scratch.MOST_TARGET + 1);
        Node node = w.node(call, in);
        if (node == null) {
            out.int32(w.status());
            out.bool(false);
            return;
        }
        if (w.type(node) != Attributes.LINK) {
            out.int32(Status.INVAL);
            w.after(out, node);
            return;
        }
        int start = out.position();
        int target = start + ATTRIBUTES_AND_LENGTH;
        long n = w.posix().readlink(node.place(), room.address() + target, Scratch.MOST_TARGET);
        Attributes a = n < 0 ? null : w.attributes(node);
        if (a == null) {
            out.int32(n < 0 ? Status.of(n) : w.status());
            out.bool(false);
            return;
        }
        out.int32(Status.OK);
        out.bool(true);
        a.write(out, node.export().id());
        out.int32((int) n);
        out.position(target + (int) n);
        out.pad((int) n);
    }
}
