package dev.nbroot.nfs.mount;

import dev.nbroot.nfs.export.Decision;
import dev.nbroot.nfs.export.Export;
import dev.nbroot.nfs.export.MountStatus;
import dev.nbroot.nfs.rpc.Outcome;
import dev.nbroot.nfs.rpc.ReplyRoom;
import dev.nbroot.nfs.rpc.RpcCall;
import dev.nbroot.nfs.rpc.RpcProgram;
import dev.nbroot.nfs.v3.MountPoints;
import dev.nbroot.nfs.v3.Workspace;
import dev.nbroot.nfs.xdr.XdrIn;
import dev.nbroot.nfs.xdr.XdrOut;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** The MOUNT program: gives a client the handle of a directory where it starts (RFC 1813, 5.2). */
public final class MountProgram implements RpcProgram {
    /** The program number. */
    public static final int NUMBER = 100005;

    private static final int VERSION = 3;
    private static final int LIST_BYTES = 60_000;
    private static final int MOST_HOST_BYTES = 255;

    private final Workspace w;
    private final MountPoints points;
    private final MountTable table;

    /**
     * Makes a loop's program.
     *
     * @param table shared by all loops
     */
    public MountProgram(Workspace workspace, MountTable table) {
        this.w = workspace;
        this.points = new MountPoints(workspace);
        this.table = table;
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
            case 1 -> mnt(call, in.text(MountPath.MOST_BYTES), out);
            case 2 -> dump(out, room);
            case 3 -> umnt(call, in.text(MountPath.MOST_BYTES));
            case 4 ->
                table.removeAll(host(call))
                        .forEach(gone -> w.listener().unmounted(call.peer().address(), gone.path()));
            case 5 -> export(call, out, room);
            default -> {
                return Outcome.NO_SUCH_PROCEDURE;
            }
        }
        return Outcome.DONE;
    }

    private static String host(RpcCall call) {
        return call.peer().address().getAddress().getHostAddress();
    }

    private void mnt(RpcCall call, String wire, XdrOut out) {
        InetSocketAddress who = call.peer().address();
        Optional<MountPath> path = MountPath.of(wire);
        if (path.isEmpty()) {
            refuse(out, who, wire, MountStatus.INVALID.code(), "the path is not absolute, or has '..' in it");
            return;
        }
        Decision decision = w.policy().decide(who, path.get().toString());
        if (decision instanceof Decision.Refused refused) {
            refuse(out, who, path.get().toString(), refused.status().code(), refused.reason());
        } else if (decision instanceof Decision.Granted granted) {
            grant(call, path.get(), granted.export(), out);
        }
    }

    private void grant(RpcCall call, MountPath path, Export export, XdrOut out) {
        InetSocketAddress who = call.peer().address();
        List<String> below = MountPath.of(export.path())
                .flatMap(path::below)
                .orElseThrow(() ->
                        new IllegalStateException("the policy granted " + export.path() + " to who asked for " + path));
        try {
            MountPoints.Mounted mounted = points.find(call, export, below);
            if (mounted.status() != 0) {
                String reason = "the export " + export.path() + " has no such directory";
                refuse(out, who, path.toString(), mountStatus(mounted.status()), reason);
                return;
            }
            out.int32(0);
            out.opaque(mounted.handle());
            out.int32(1);
            out.int32(RpcCall.AUTH_SYS);
            table.add(new MountTable.Entry(host(call), path.toString()));
            w.listener().mounted(who, path.toString(), export);
        } catch (IOException e) {
            w.listener().failed("opening the export " + export.path(), e);
            refuse(out, who, path.toString(), MountStatus.IO_ERROR.code(), "the export cannot be opened now");
        }
    }

    private static int mountStatus(int nfsStatus) {
        for (MountStatus status : MountStatus.values()) {
            if (status.code() == nfsStatus) {
                return nfsStatus;
            }
        }
        return MountStatus.SERVER_FAULT.code();
    }

    private void refuse(XdrOut out, InetSocketAddress who, String path, int status, String reason) {
        out.int32(status);
        w.listener().refused(who, "mount", path, reason);
    }

    private void umnt(RpcCall call, String wire) {
        MountPath.of(wire).ifPresent(path -> {
            if (table.remove(new MountTable.Entry(host(call), path.toString()))) {
                w.listener().unmounted(call.peer().address(), path.toString());
            }
        });
    }

    private void dump(XdrOut out, ReplyRoom room) {
        room.reserve(LIST_BYTES);
        int end = out.position() + LIST_BYTES - 2 * MountPath.MOST_BYTES - MOST_HOST_BYTES - 32;
        for (MountTable.Entry entry : table.entries()) {
            if (out.position() > end) {
                break;
            }
            out.bool(true);
            out.text(entry.host());
            out.text(entry.path());
        }
        out.bool(false);
    }

    private void export(RpcCall call, XdrOut out, ReplyRoom room) {
        room.reserve(LIST_BYTES);
        int end = out.position() + LIST_BYTES - 32;
        byte[] caller = host(call).getBytes(StandardCharsets.US_ASCII);
        for (Export export : w.policy().visible(call.peer().address())) {
            byte[] path = export.path().getBytes(StandardCharsets.UTF_8);
            if (out.position() + path.length + caller.length + 32 > end) {
                break;
            }
            // No group would mean everybody; of others the caller learns nothing.
            out.bool(true);
            out.opaque(path);
            out.bool(true);
            out.opaque(caller);
            out.bool(false);
        }
        out.bool(false);
    }
}
