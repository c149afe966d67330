package dev.nbroot.nfs.v3;

import dev.nbroot.nfs.rpc.RpcCall;
import dev.nbroot.nfs.xdr.XdrIn;
import dev.nbroot.nfs.xdr.XdrOut;
import java.nio.ByteBuffer;

/** FSSTAT, FSINFO and PATHCONF (RFC 1813, 3.3.18 to 3.3.20). */
final class FileSystemProcedures {
    /** What a client asks for per READDIR: 64 KiB make a listing of a large directory a few round trips. */
    private static final int DIRECTORY_BYTES = 64 * 1024;

    private static final int BLOCK_BYTES = 4096;
    /** FSF3_LINK, FSF3_SYMLINK, FSF3_HOMOGENEOUS and FSF3_CANSETTIME. */
    private static final int PROPERTIES = 0x01 | 0x02 | 0x08 | 0x10;
    /** ext4's limit; xfs and btrfs have others, but no client checks it before it tries. */
    private static final int MOST_LINKS = 65000;

    private final Workspace w;

    FileSystemProcedures(Workspace workspace) {
        this.w = workspace;
    }

    private Node begin(RpcCall call, XdrIn in, XdrOut out) {
        Node node = w.node(call, in);
        if (node == null) {
            out.int32(w.status());
            out.bool(false);
        }
        return node;
    }

    void fsstat(RpcCall call, XdrIn in, XdrOut out) {
        Node node = begin(call, in, out);
        if (node == null) {
            return;
        }
        int result = w.posix().statvfs(node.place(), w.scratch().at(Scratch.STATVFS));
        if (result < 0) {
            out.int32(Status.of(result));
            w.after(out, node);
            return;
        }
        // struct statvfs of 64-bit glibc: bsize, frsize, blocks, bfree, bavail, files, ffree, favail.
        ByteBuffer b = w.scratch().memory();
        long unit = b.getLong(Scratch.STATVFS + 8);
        out.int32(Status.OK);
        w.after(out, node);
        out.int64(b.getLong(Scratch.STATVFS + 16) * unit);
        out.int64(b.getLong(Scratch.STATVFS + 24) * unit);
        out.int64(b.getLong(Scratch.STATVFS + 32) * unit);
        out.int64(b.getLong(Scratch.STATVFS + 40));
        out.int64(b.getLong(Scratch.STATVFS + 48));
        out.int64(b.getLong(Scratch.STATVFS + 56));
        out.int32(0);
    }

    void fsinfo(RpcCall call, XdrIn in, XdrOut out) {
        Node node = begin(call, in, out);
        if (node == null) {
            return;
        }
        int most = call.peer().datagram() ? DataProcedures.MOST_DATAGRAM_BYTES : DataProcedures.MOST_BYTES;
        out.int32(Status.OK);
        w.after(out, node);
        out.int32(most);
        out.int32(most);
        out.int32(BLOCK_BYTES);
        out.int32(most);
        out.int32(most);
        out.int32(BLOCK_BYTES);
        out.int32(Math.min(most, DIRECTORY_BYTES));
        out.int64(Long.MAX_VALUE);
        out.int32(0);
        out.int32(1);
        out.int32(PROPERTIES);
    }

    void pathconf(RpcCall call, XdrIn in, XdrOut out) {
        Node node = begin(call, in, out);
        if (node == null) {
            return;
        }
        out.int32(Status.OK);
        w.after(out, node);
        out.int32(MOST_LINKS);
        out.int32(Scratch.MOST_NAME);
        out.bool(true);
        out.bool(true);
        out.bool(false);
        out.bool(true);
    }
}
