package dev.nbroot.nfs.v3;

import dev.nbroot.nfs.rpc.Deferral;
import dev.nbroot.nfs.rpc.Outcome;
import dev.nbroot.nfs.rpc.ReplyRoom;
import dev.nbroot.nfs.rpc.RpcCall;
import dev.nbroot.nfs.xdr.XdrException;
import dev.nbroot.nfs.xdr.XdrIn;
import dev.nbroot.nfs.xdr.XdrOut;
import java.nio.channels.FileChannel;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.IntSupplier;

/** READ, WRITE and COMMIT (RFC 1813, 3.3.6, 3.3.7, 3.3.21). */
final class DataProcedures {
    /** The most bytes of one READ or WRITE over TCP. */
    static final int MOST_BYTES = 1024 * 1024;
    /** The same over UDP, where a reply is one datagram. */
    static final int MOST_DATAGRAM_BYTES = 32 * 1024;

    /** From this size on the page cache's pages are sent themselves; below, a copy is cheaper. */
    private static final int ZERO_COPY_BYTES = 128 * 1024;

    private static final int READ_HEADER = 4 + 4 + Attributes.BYTES + 4 + 4 + 4;
    private static final int UNSTABLE = 0;
    private static final int DATA_SYNC = 1;
    private static final int FILE_SYNC = 2;

    private final Workspace w;
    private final DataAccess data;

    DataProcedures(Workspace workspace, DataAccess data) {
        this.w = workspace;
        this.data = data;
    }

    void read(RpcCall call, XdrIn in, XdrOut out, ReplyRoom room) {
        Node node = w.node(call, in);
        long offset = in.int64();
        int wanted = in.int32();
        int most = call.peer().datagram() ? MOST_DATAGRAM_BYTES : MOST_BYTES;
        int count = wanted < 0 || wanted > most ? most : wanted;
        if (node == null) {
            out.int32(w.status());
            out.bool(false);
            return;
        }
        int fd = data.reader(node, w.caller(call, node));
        if (fd >= 0 && offset >= 0 && count >= ZERO_COPY_BYTES && readByReference(node, offset, count, out, room)) {
            return;
        }
        room.reserve(READ_HEADER + count + 4);
        int start = out.position();
        long n = fd < 0 || offset < 0
                ? -Status.INVAL
                : w.posix().pread(fd, room.address() + start + READ_HEADER, count, offset);
        Attributes a = n < 0 ? null : w.attributes(node);
        if (a == null) {
            out.int32(fd < 0 ? data.status() : n < 0 ? Status.of(n) : w.status());
            w.after(out, node);
            return;
        }
        out.int32(Status.OK);
        out.bool(true);
        a.write(out, node.export().id());
        out.int32((int) n);
        out.bool(n < count || offset + n >= a.size());
        out.int32((int) n);
        out.position(start + READ_HEADER + (int) n);
        out.pad((int) n);
    }

    /** Lets the kernel send the file's pages themselves. {@return false, with nothing written, if that cannot be} */
    private boolean readByReference(Node node, long offset, int count, XdrOut out, ReplyRoom room) {
        Attributes a = w.attributes(node);
        int n = a == null ? 0 : (int) Math.min(count, Math.max(0, a.size() - offset)) & ~3;
        FileChannel channel = n < ZERO_COPY_BYTES ? null : data.channel(node);
        if (channel == null || !room.attach(channel, offset, n, () -> w.nodes().unpin(node))) {
            return false;
        }
        node.pin();
        out.int32(Status.OK);
        out.bool(true);
        a.write(out, node.export().id());
        out.int32(n);
        out.bool(offset + n >= a.size());
        out.int32(n);
        return true;
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
        Before before = new Before();
        before.capture(w.attributes(node));
        int fd = data.writer(node, caller);
        if (fd < 0) {
            return failed(out, data.status(), before, node);
        }
        if (offset < 0) {
            return failed(out, Status.FBIG, before, node);
        }
        w.identity().become(caller);
        int done = 0;
        long n = 0;
        while (done < count && (n = w.posix().pwrite(fd, in.dataAddress() + done, count - done, offset + done)) > 0) {
            done += (int) n;
        }
        node.export().changed();
        if (done == 0 && n < 0) {
            return failed(out, Status.of(n), before, node);
        }
        int written = done;
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

    Outcome commit(RpcCall call, XdrIn in, XdrOut out) {
        Node node = w.node(call, in);
        in.int64();
        in.int32();
        if (node == null) {
            return failed(out, w.status(), null, null);
        }
        Before before = new Before();
        before.capture(w.attributes(node));
        int fd = data.syncable(node, w.caller(call, node));
        if (fd < 0) {
            return failed(out, data.status(), before, node);
        }
        return settle(call, out, node, before, () -> w.posix().fsync(fd), o -> {
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
                w.slow().execute(() -> {
                    int result = sync.getAsInt();
                    deferral.finish(o -> {
                        settled(o, result, before, node, ok);
                        w.nodes().unpin(node);
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
