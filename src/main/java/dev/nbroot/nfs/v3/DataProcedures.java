package dev.nbroot.nfs.v3;

import dev.nbroot.nfs.rpc.Deferral;
import dev.nbroot.nfs.rpc.Outcome;
import dev.nbroot.nfs.rpc.RpcCall;
import dev.nbroot.nfs.xdr.XdrException;
import dev.nbroot.nfs.xdr.XdrIn;
import dev.nbroot.nfs.xdr.XdrOut;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.IntSupplier;

/** WRITE and COMMIT (RFC 1813, 3.3.7, 3.3.21). */
final class DataProcedures {
    /** The most bytes of one READ or WRITE over TCP. */
    static final int MOST_BYTES = 1024 * 1024;
    /** The same over UDP, where a reply is one datagram. */
    static final int MOST_DATAGRAM_BYTES = 32 * 1024;

    /** What one turn of a WRITE writes: some 50 µs of copying, for which the loop's other clients wait. */
    private static final int TURN_BYTES = 256 * 1024;

    private static final int UNSTABLE = 0;
    private static final int DATA_SYNC = 1;
    private static final int FILE_SYNC = 2;

    private final Workspace w;
    private final DataAccess data;

    DataProcedures(Workspace workspace, DataAccess data) {
        this.w = workspace;
        this.data = data;
    }

    Outcome write(RpcCall call, XdrIn in, XdrOut out) {
        Node node = w.node(call, in);
        long offset = in.int64();
        int count = in.int32();
        int stable = in.int32();
        int length = in.opaque(MOST_BYTES);
        if (stable < UNSTABLE || stable > FILE_SYNC || count < 0 || count > length) {
            throw new XdrException("a WRITE's numbers do not fit together");
        }
        if (node == null) {
            return failed(out, w.status(), null, null);
        }
        Caller caller = w.caller(call, node);
        Written progress = call.progress() instanceof Written known ? known : begin(node);
        Before before = progress.before;
        int fd = data.writer(node, caller);
        if (fd < 0) {
            return failed(out, data.status(), before, node);
        }
        if (offset < 0) {
            return failed(out, Status.FBIG, before, node);
        }
        w.identity().become(caller);
        long n = write(fd, in.dataAddress(), offset, count, progress, call.canDefer());
        node.export().changed();
        if (n > 0 && progress.bytes < count) {
            call.progress(progress);
            return Outcome.AGAIN;
        }
        if (progress.bytes == 0 && n < 0) {
            return failed(out, Status.of(n), before, node);
        }
        int written = progress.bytes;
        Consumer<XdrOut> ok = o -> {
            o.int32(Status.OK);
            w.change(o, before, node);
            o.int32(written);
            o.int32(stable);
            o.int64(w.verifier());
        };
        if (stable == UNSTABLE) {
            ok.accept(out);
            return Outcome.DONE;
        }
        IntSupplier sync = stable == DATA_SYNC
                ? () -> w.posix().fdatasync(fd)
                : () -> w.posix().fsync(fd);
        return settle(call, out, node, before, sync, ok);
    }

    /** How far a WRITE is, and what the file was before it. */
    private static final class Written {
        private final Before before = new Before();
        private int bytes;
    }

    private Written begin(Node node) {
        Written progress = new Written();
        progress.before.capture(w.attributes(node));
        return progress;
    }

    /** Writes a turn's share, or everything. {@return the last result of pwrite(2)} */
    private long write(int fd, long address, long offset, int count, Written progress, boolean inTurns) {
        int until = inTurns ? Math.min(count, progress.bytes + TURN_BYTES) : count;
        long n = 0;
        while (progress.bytes < until) {
            int done = progress.bytes;
            n = w.posix().pwrite(fd, address + done, until - done, offset + done);
            if (n <= 0) {
                break;
            }
            progress.bytes += (int) n;
        }
        return n;
    }

    Outcome commit(RpcCall call, XdrIn in, XdrOut out) {
        Node node = w.node(call, in);
        in.int64();
        in.int32();
        if (node == null) {
            return failed(out, w.status(), null, null);
        }
        Before before = new Before();
        int fd = data.syncable(node, w.caller(call, node));
        if (fd < 0) {
            return failed(out, data.status(), before, node);
        }
        return settle(call, out, node, before, () -> w.posix().fsync(fd), o -> {
            // Not before: others may have written while the disk did, and that would pass for this client's own doing.
            before.capture(w.attributes(node));
            o.int32(Status.OK);
            w.change(o, before, node);
            o.int64(w.verifier());
        });
    }

    private Outcome failed(XdrOut out, int status, Before before, Node node) {
        out.int32(status);
        if (before == null) {
            out.bool(false);
            out.bool(false);
        } else {
            w.change(out, before, node);
        }
        return Outcome.DONE;
    }

    /** Waits for the disk elsewhere, so that this client's other calls and the other clients need not. */
    private Outcome settle(RpcCall call, XdrOut out, Node node, Before before, IntSupplier sync, Consumer<XdrOut> ok) {
        if (call.canDefer()) {
            node.pin();
            Deferral deferral = call.defer();
            try {
                w.disk().write(call.peer().address().getAddress(), () -> {
                    int result = sync.getAsInt();
                    deferral.finish((o, room) -> {
                        try {
                            settled(o, result, before, node, ok);
                        } finally {
                            w.nodes().unpin(node);
                        }
                    });
                });
            } catch (RejectedExecutionException e) {
                // The server is closing: the client gets no reply and repeats the call to the next one.
                w.nodes().unpin(node);
            }
            return Outcome.DEFERRED;
        }
        settled(out, sync.getAsInt(), before, node, ok);
        return Outcome.DONE;
    }

    private void settled(XdrOut out, int result, Before before, Node node, Consumer<XdrOut> ok) {
        if (result < 0) {
            failed(out, Status.of(result), before, node);
        } else {
            ok.accept(out);
        }
    }
}
