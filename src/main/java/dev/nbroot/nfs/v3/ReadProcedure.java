package dev.nbroot.nfs.v3;

import dev.nbroot.nfs.rpc.Deferral;
import dev.nbroot.nfs.rpc.FileSource;
import dev.nbroot.nfs.rpc.Outcome;
import dev.nbroot.nfs.rpc.ReplyRoom;
import dev.nbroot.nfs.rpc.RpcCall;
import dev.nbroot.nfs.xdr.XdrIn;
import dev.nbroot.nfs.xdr.XdrOut;
import java.nio.channels.FileChannel;
import java.util.concurrent.RejectedExecutionException;

/**
 * READ (RFC 1813, 3.3.6). What is in the page cache is read on the loop, small parts at once, large ones while they are
 * sent. For what is not, another thread waits, and the loop's other calls go on.
 */
final class ReadProcedure {
    /** From this size on a part is read while it is sent. */
    private static final int STREAMED_BYTES = 128 * 1024;

    /** No file reaches farther, and no kernel is asked for what lies behind. */
    private static final long LAST_OFFSET = Long.MAX_VALUE - DataProcedures.MOST_BYTES;

    private static final int HEADER = 4 + 4 + Attributes.BYTES + 4 + 4 + 4;
    /** What {@link #readWarm} gives for bytes that are on disk only. */
    private static final long COLD = Long.MIN_VALUE;

    private final Workspace w;
    private final DataAccess data;

    ReadProcedure(Workspace workspace, DataAccess data) {
        this.w = workspace;
        this.data = data;
    }

    Outcome read(RpcCall call, XdrIn in, XdrOut out, ReplyRoom room) {
        Node node = w.node(call, in);
        long offset = in.int64();
        int wanted = in.int32();
        boolean datagram = call.peer().datagram();
        int most = datagram ? DataProcedures.MOST_DATAGRAM_BYTES : DataProcedures.MOST_BYTES;
        int count = wanted < 0 || wanted > most ? most : wanted;
        if (node == null) {
            out.int32(w.status());
            out.bool(false);
            return Outcome.DONE;
        }
        int fd = data.reader(node, w.caller(call, node));
        if (fd < 0) {
            return failed(out, data.status(), node);
        }
        if (offset < 0 || offset > LAST_OFFSET) {
            return nothing(out, node);
        }
        if (count >= STREAMED_BYTES && call.canDefer()) {
            return isCold(node, fd, offset, count)
                    ? later(call, node, fd, offset, count, out)
                    : stream(node, fd, offset, count, out, room);
        }
        room.reserve(HEADER + count + 4);
        int start = out.position();
        long target = room.address() + start + HEADER;
        long n = call.canDefer()
                ? readWarm(node, fd, target, count, offset)
                : w.posix().pread(fd, target, count, offset);
        if (n == COLD) {
            return later(call, node, fd, offset, count, out);
        }
        Attributes a = n < 0 ? null : w.attributes(node);
        if (a == null) {
            return failed(out, n < 0 ? Status.of(n) : w.status(), node);
        }
        // A short read is no end: what follows may be a place that the disk cannot give, and a client that is told
        // of an end takes zeros for it.
        head(out, node, a, (int) n, n == 0 && count > 0 || offset + n >= a.size());
        out.position(start + HEADER + (int) n);
        out.pad((int) n);
        return Outcome.DONE;
    }

    private Outcome failed(XdrOut out, int status, Node node) {
        out.int32(status);
        w.after(out, node);
        return Outcome.DONE;
    }

    /** Behind its end a file has no bytes, and asking for them is no error. */
    private Outcome nothing(XdrOut out, Node node) {
        Attributes a = w.attributes(node);
        if (a == null) {
            return failed(out, w.status(), node);
        }
        head(out, node, a, 0, true);
        return Outcome.DONE;
    }

    private static void head(XdrOut out, Node node, Attributes a, int bytes, boolean end) {
        out.int32(Status.OK);
        out.bool(true);
        a.write(out, node.export().id());
        out.int32(bytes);
        out.bool(end);
        out.int32(bytes);
    }

    /** Reads what can be had at once. {@return how many bytes, a negated errno value, or COLD} */
    private long readWarm(Node node, int fd, long target, int count, long offset) {
        if (node.tellsCold()) {
            long n = w.posix().preadCached(fd, w.scratch().vector(target, count), offset);
            if (n == -Status.EAGAIN) {
                return COLD;
            }
            if (n != -Status.EOPNOTSUPP) {
                return n < 0 || n == count || reachesEnd(node, offset + n) ? n : COLD;
            }
            node.cannotTellCold();
        }
        return node.warm().covers(offset, count, w.nodes().second())
                ? w.posix().pread(fd, target, count, offset)
                : COLD;
    }

    private boolean reachesEnd(Node node, long offset) {
        Attributes a = w.attributes(node);
        return a == null || offset >= a.size();
    }

    /** {@return whether reading may have to wait for a disk; judged by the part's ends where its middle costs a copy} */
    private boolean isCold(Node node, int fd, long offset, int count) {
        if (node.export().broken().has(node)) {
            return true;
        }
        if (node.warm().covers(offset, count, w.nodes().second())) {
            return false;
        }
        Attributes a = w.attributes(node);
        if (a == null || offset >= a.size()) {
            return false;
        }
        long last = Math.min(offset + count, a.size()) - 1;
        if (!probe(node, fd, offset) || !probe(node, fd, last)) {
            return true;
        }
        node.warm().add(offset, count, w.nodes().second());
        return false;
    }

    private boolean probe(Node node, int fd, long offset) {
        if (!node.tellsCold()) {
            return false;
        }
        long n = w.posix().preadCached(fd, w.scratch().vector(w.scratch().at(Scratch.TARGET), 1), offset);
        if (n == -Status.EOPNOTSUPP) {
            node.cannotTellCold();
        }
        return n > 0;
    }

    private Outcome stream(Node node, int fd, long offset, int count, XdrOut out, ReplyRoom room) {
        Attributes a = w.attributes(node);
        if (a == null) {
            return failed(out, w.status(), node);
        }
        int n = (int) Math.min(count, Math.max(0, a.size() - offset));
        head(out, node, a, n, offset + n >= a.size());
        if (n > 0) {
            node.pin();
            room.attach(source(node, fd), offset, n);
        }
        return Outcome.DONE;
    }

    private FileSource source(Node node, int fd) {
        return new FileSource() {
            @Override
            public FileChannel channel() {
                return data.channel(node);
            }

            @Override
            public long read(long address, int bytes, long offset) {
                long n = w.posix().pread(fd, address, bytes, offset);
                if (n < 0) {
                    node.export().broken().add(node);
                }
                return n;
            }

            @Override
            public void done() {
                w.nodes().unpin(node);
            }
        };
    }

    /** Lets another thread wait for the disk; then the bytes are sent from the page cache. */
    private Outcome later(RpcCall call, Node node, int fd, long offset, int count, XdrOut out) {
        node.pin();
        Deferral deferral = call.defer();
        try {
            w.disk()
                    .fetch(
                            call.peer().address().getAddress(),
                            fd,
                            offset,
                            count,
                            result -> deferral.finish((o, room) -> {
                                try {
                                    if (result < 0) {
                                        failed(o, Status.of(result), node);
                                    } else {
                                        if (result == count) {
                                            node.warm()
                                                    .add(
                                                            offset,
                                                            count,
                                                            w.nodes().second());
                                        } else {
                                            node.export().broken().add(node);
                                        }
                                        stream(node, fd, offset, result, o, room);
                                    }
                                } finally {
                                    w.nodes().unpin(node);
                                }
                            }));
        } catch (RejectedExecutionException e) {
            // The server is closing: the client gets no reply and repeats the call to the next one.
            w.nodes().unpin(node);
        }
        return Outcome.DEFERRED;
    }
}
