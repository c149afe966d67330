package dev.nbroot.nfs.v3;

import dev.nbroot.nfs.rpc.Deferral;
import dev.nbroot.nfs.rpc.Outcome;
import dev.nbroot.nfs.rpc.RpcCall;
import dev.nbroot.nfs.xdr.XdrOut;
import dev.nbroot.system.PosixFiles;
import java.nio.ByteBuffer;
import java.util.concurrent.RejectedExecutionException;

/**
 * Brings operations on names and attributes to disk before they are answered, where the export is to be durable: what
 * RFC 1813, 1.3 ("stable storage") asks for. The present call's objects are noted as it changes them; another thread
 * waits for the disk.
 */
final class DurableChanges {
    /** Two directories, or one and what is new in it; and one to spare. */
    private static final int MOST = 4;

    private final Workspace w;
    private final Node[] changed = new Node[MOST];
    private final ByteBuffer dot = ByteBuffer.allocateDirect(2).put(0, (byte) '.');
    private final long dotAddress;
    private int count;

    DurableChanges(Workspace workspace) {
        w = workspace;
        dotAddress = w.posix().address(dot);
    }

    /** Begins a call: one before it may have failed half way. */
    void begin() {
        count = 0;
    }

    /** Notes that the present call changed an object. */
    void note(Node node) {
        boolean noted = count > 0 && changed[count - 1] == node;
        if (!noted && count < MOST && w.durable(node)) {
            changed[count++] = node;
        }
    }

    /**
     * Goes on with a call whose reply's body is written.
     *
     * @param from where the body begins
     * @param attributeSets how many optional parts the body of a failed call has behind its status; none are sent then
     */
    Outcome settle(RpcCall call, XdrOut out, int from, int attributeSets) {
        if (count == 0) {
            return Outcome.DONE;
        }
        int[] descriptors = open();
        if (!call.canDefer()) {
            write(out, from, null, sync(descriptors), attributeSets);
            return Outcome.DONE;
        }
        byte[] body = new byte[out.position() - from];
        out.buffer().get(from, body);
        Deferral deferral = call.defer();
        try {
            w.disk().write(call.peer().address().getAddress(), () -> {
                int result = sync(descriptors);
                deferral.finish((o, room) -> write(o, o.position(), body, result, attributeSets));
            });
        } catch (RejectedExecutionException e) {
            // The server is closing: the client gets no reply and repeats the call to the next one.
            close(descriptors);
        }
        return Outcome.DEFERRED;
    }

    private static void write(XdrOut out, int from, byte[] body, int result, int attributeSets) {
        if (result < 0) {
            out.position(from);
            out.int32(Status.of(result));
            for (int i = 0; i < attributeSets; i++) {
                out.bool(false);
            }
        } else if (body != null) {
            out.buffer().put(body);
        }
    }

    /**
     * {@return descriptors of what was changed that fsync(2) takes, below zero for what has none; the last is that of the
     * whole tree, if it is needed}
     */
    private int[] open() {
        int[] descriptors = new int[count + 1];
        int root = changed[0].export().rootDescriptor();
        w.identity().becomeServer();
        boolean others = false;
        for (int i = 0; i < count; i++) {
            descriptors[i] = open(changed[i]);
            others |= descriptors[i] < 0;
            changed[i] = null;
        }
        // Its own, because the export may be let go of meanwhile.
        descriptors[count] =
                others ? w.posix().open(root, dotAddress, PosixFiles.READ | PosixFiles.DIRECTORY, 0) : Node.NONE;
        count = 0;
        return descriptors;
    }

    private int open(Node node) {
        return switch (w.type(node)) {
            case Attributes.DIRECTORY ->
                w.posix().open(node.place(), dotAddress, PosixFiles.READ | PosixFiles.DIRECTORY, 0);
            case Attributes.REGULAR ->
                w.posix()
                        .open(
                                PosixFiles.NO_DIRECTORY,
                                w.scratch().procPath(node.place()),
                                PosixFiles.READ | PosixFiles.FOLLOW,
                                0);
            default -> Node.NONE;
        };
    }

    /** Waits for the disk, and closes the descriptors. {@return 0 or a negated errno value} */
    private int sync(int[] descriptors) {
        int result = 0;
        int last = descriptors.length - 1;
        boolean others = false;
        for (int i = 0; i < last; i++) {
            others |= descriptors[i] < 0;
            result = Math.min(result, descriptors[i] < 0 ? 0 : w.posix().fsync(descriptors[i]));
        }
        // Links, devices and sockets cannot be opened, and so not be synced one by one.
        if (others && result == 0) {
            result = descriptors[last] < 0 ? descriptors[last] : w.posix().syncFileSystem(descriptors[last]);
        }
        close(descriptors);
        return result;
    }

    private void close(int[] descriptors) {
        for (int descriptor : descriptors) {
            if (descriptor >= 0) {
                w.posix().close(descriptor);
            }
        }
    }
}
