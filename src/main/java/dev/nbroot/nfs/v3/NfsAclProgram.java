package dev.nbroot.nfs.v3;

import dev.nbroot.nfs.rpc.Outcome;
import dev.nbroot.nfs.rpc.ReplyRoom;
import dev.nbroot.nfs.rpc.RpcCall;
import dev.nbroot.nfs.rpc.RpcProgram;
import dev.nbroot.nfs.xdr.XdrIn;
import dev.nbroot.nfs.xdr.XdrOut;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * The NFSACL side protocol, version 3: POSIX access control lists beside NFSv3. It has no RFC; Linux'
 * include/uapi/linux/nfsacl.h has its numbers.
 *
 * <p>A stateless root cannot do without it: a client that puts an overlay over an NFSv3 mount asks for the lists of what
 * is below at every permission check, and where the server has no answer every process that is not root gets "Operation
 * not supported" for an answer.
 */
public final class NfsAclProgram implements RpcProgram {
    /** The program number. */
    public static final int NUMBER = 100227;

    private static final int VERSION = 3;
    private static final int ACCESS_LIST = 0x1;
    private static final int DEFAULT_LIST = 0x4;
    private static final int ALL = 0xf;
    private static final int STATUS_AND_ATTRIBUTES = 4 + 4 + Attributes.BYTES + 4;
    private static final int ENODATA = -61;
    private static final int EOPNOTSUPP = -95;

    private final Workspace w;
    private final AccessControlList list = new AccessControlList();
    private final AccessControlList defaults = new AccessControlList();
    private final ByteBuffer value = direct(AccessControlList.MOST_XATTR_BYTES);
    private final ByteBuffer accessName = name("system.posix_acl_access");
    private final ByteBuffer defaultName = name("system.posix_acl_default");

    /** Makes a loop's program. */
    public NfsAclProgram(Workspace workspace) {
        w = workspace;
    }

    private static ByteBuffer direct(int bytes) {
        return ByteBuffer.allocateDirect(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static ByteBuffer name(String name) {
        byte[] bytes = name.getBytes(StandardCharsets.US_ASCII);
        return direct(bytes.length + 1).put(0, bytes);
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
        w.begin();
        switch (call.procedure()) {
            case 0 -> {}
            case 1 -> getacl(call, in, out, room);
            case 2 -> {
                int from = out.position();
                w.durable().begin();
                setacl(call, in, out);
                return w.durable().settle(call, out, from, 1);
            }
            default -> {
                return Outcome.NO_SUCH_PROCEDURE;
            }
        }
        return Outcome.DONE;
    }

    private void getacl(RpcCall call, XdrIn in, XdrOut out, ReplyRoom room) {
        Node node = w.node(call, in);
        int mask = in.int32() & ALL;
        Attributes a = node == null ? null : w.attributes(node);
        int status = a == null ? w.status() : load(call, node, a, mask);
        if (status == Status.OK) {
            room.reserve(STATUS_AND_ATTRIBUTES + 2 * AccessControlList.MOST_WIRE_BYTES);
        }
        out.int32(status);
        w.after(out, node);
        if (status == Status.OK) {
            out.int32(mask);
            list.write(out, a.uid(), a.gid(), false);
            defaults.write(out, a.uid(), a.gid(), true);
        }
    }

    private int load(RpcCall call, Node node, Attributes a, int mask) {
        w.identity().become(w.caller(call, node));
        list.clear();
        defaults.clear();
        int status = Status.OK;
        if ((mask & ACCESS_LIST) != 0) {
            status = load(node, accessName, list);
            if (status == Status.OK && list.isEmpty()) {
                list.fromMode(a.mode());
            }
        }
        if (status == Status.OK && (mask & DEFAULT_LIST) != 0 && a.isDirectory()) {
            status = load(node, defaultName, defaults);
        }
        return status;
    }

    private int load(Node node, ByteBuffer name, AccessControlList into) {
        long length = w.posix()
                .getXattr(
                        w.scratch().procPath(node.place()),
                        w.posix().address(name),
                        w.posix().address(value),
                        value.capacity());
        if (length == ENODATA || length == EOPNOTSUPP) {
            return Status.OK;
        }
        if (length < 0) {
            return Status.of(length);
        }
        return into.fromXattr(value, (int) length) ? Status.OK : Status.IO;
    }

    private void setacl(RpcCall call, XdrIn in, XdrOut out) {
        Node node = w.node(call, in);
        int mask = in.int32();
        list.read(in);
        defaults.read(in);
        int status = node == null ? w.status() : store(call, node, mask);
        out.int32(status);
        w.after(out, node);
    }

    private int store(RpcCall call, Node node, int mask) {
        if (!w.writable(node)) {
            return Status.ROFS;
        }
        w.identity().become(w.caller(call, node));
        int status = Status.OK;
        if ((mask & ACCESS_LIST) != 0) {
            status = store(node, accessName, list);
        }
        if (status == Status.OK && (mask & DEFAULT_LIST) != 0) {
            status = store(node, defaultName, defaults);
        }
        w.permissionsChanged(node);
        return status;
    }

    private int store(Node node, ByteBuffer name, AccessControlList from) {
        long path = w.scratch().procPath(node.place());
        long result = from.isEmpty()
                ? w.posix().removeXattr(path, w.posix().address(name))
                : w.posix().setXattr(path, w.posix().address(name), w.posix().address(value), from.toXattr(value));
        return result < 0 && result != ENODATA ? Status.of(result) : Status.OK;
    }
}
