package dev.nbroot.nfs.v3;

import dev.nbroot.nfs.export.Export;
import dev.nbroot.nfs.export.ExportPolicy;
import dev.nbroot.nfs.export.NfsListener;
import dev.nbroot.nfs.rpc.RpcCall;
import dev.nbroot.nfs.xdr.XdrIn;
import dev.nbroot.nfs.xdr.XdrOut;
import dev.nbroot.system.PosixFiles;
import java.nio.ByteBuffer;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/** What all procedures of one loop work with: the identity, the open nodes, and the steps that they share. */
public final class Workspace {
    private final ExportRegistry registry;
    private final PosixFiles posix;
    private final Identity identity;
    private final NodeTable nodes;
    private final Scratch scratch;
    private final HandleCodec codec;
    private final ColdPlaces cold;
    private final NodeFinder finder;
    private final DurableChanges durable;
    private final DiskThreads disk;
    private final Executor loop;
    private final long verifier;
    private final Removals.Inbox removals;
    private final Consumer<byte[]> closing = this::drop;
    private PeerPermissions present;

    /**
     * Makes a loop's workspace; on that loop's thread.
     *
     * @param registry the exports, shared by all loops
     * @param mostDescriptors how many descriptors this loop may keep open
     * @param loop runs a task on this loop's thread
     * @param disk waits for disks
     * @param verifier tells clients one run of the server from another
     */
    public Workspace(ExportRegistry registry, int mostDescriptors, Executor loop, DiskThreads disk, long verifier) {
        this.registry = registry;
        this.loop = loop;
        this.disk = disk;
        this.verifier = verifier;
        posix = registry.posix();
        codec = registry.codec();
        identity = new Identity(posix);
        nodes = new NodeTable(posix, mostDescriptors);
        removals = registry.removals().join();
        scratch = new Scratch(posix);
        cold = new ColdPlaces(this);
        finder = new NodeFinder(registry, identity, nodes, scratch, disk, cold, this::admitted);
        durable = new DurableChanges(this);
        int result = posix.clearThreadUmask();
        identity.becomeServer();
        if (result < 0) {
            throw new IllegalStateException("cannot give a thread its own umask (errno " + -result + ")");
        }
    }

    PosixFiles posix() {
        return posix;
    }

    Identity identity() {
        return identity;
    }

    NodeTable nodes() {
        return nodes;
    }

    Scratch scratch() {
        return scratch;
    }

    HandleCodec codec() {
        return codec;
    }

    DiskThreads disk() {
        return disk;
    }

    long verifier() {
        return verifier;
    }

    /** {@return what has others wait for what is on disk only} */
    ColdPlaces cold() {
        return cold;
    }

    /** {@return what finds nodes} */
    NodeFinder find() {
        return finder;
    }

    /** {@return why {@link #node} or another step gave nothing} */
    int status() {
        return finder.status();
    }

    /** Closes what other loops have removed; before a call looks for its nodes. */
    void begin() {
        removals.empty(closing);
    }

    /** Reads a handle and {@return its node; null with {@link #status} when there is none for this caller} */
    Node node(RpcCall call, XdrIn in) {
        int length = in.opaque(HandleCodec.MOST_BYTES);
        present = PeerPermissions.of(call.peer());
        Node node = finder.byHandle(call, in.buffer(), in.data(), length);
        return node != null && admitted(node.export().export()) ? node : null;
    }

    private boolean admitted(Export export) {
        int status = present.check(export, this);
        finder.fail(status);
        return status == Status.OK;
    }

    /** {@return whether the caller of the present call, for whom {@link #node} gave a node, may write there} */
    boolean writable(Node node) {
        return present.seen(node.export().export()).writable();
    }

    /** {@return whether what the caller of the present call changes there is to be on disk before it is answered} */
    boolean durable(Node node) {
        return present.seen(node.export().export()).durable();
    }

    /** Says that the present call changed an object's names or attributes. */
    void changed(Node node) {
        node.export().changed();
        durable.note(node);
    }

    /** Says that the present call changed who may do what with an object. */
    void permissionsChanged(Node node) {
        node.export().permissionsChanged();
        durable.note(node);
    }

    /** {@return what brings the present call's changes to disk} */
    DurableChanges durable() {
        return durable;
    }

    /** {@return the identity that a call acts with on an export} */
    Caller caller(RpcCall call, Node node) {
        return identity.caller(call, present.seen(node.export().export()).squash());
    }

    /**
     * Says that a name of the object with this handle was removed: its space comes back when nobody has it open.
     *
     * @param perhapsDirectory whether it may have been a directory
     */
    void removed(byte[] handle, boolean perhapsDirectory) {
        if (handle.length > 0) {
            drop(handle);
            removals.tell(handle, perhapsDirectory);
        }
    }

    private void drop(byte[] handle) {
        Node node = nodes.find(ByteBuffer.wrap(handle), 0, handle.length);
        if (node != null) {
            nodes.drop(node);
        }
    }

    /** {@return the file type of a node, see Attributes; 0 when it cannot be told} */
    int type(Node node) {
        return finder.type(node);
    }

    /** {@return an object's attributes, or null with {@link #status}} */
    Attributes attributes(Node node) {
        return finder.attributes(node);
    }

    /** Writes post_op_attr (RFC 1813, 2.6); a null node has none. */
    void after(XdrOut out, Node node) {
        Attributes a = node == null ? null : attributes(node);
        out.bool(a != null);
        if (a != null) {
            a.write(out, node.export().id());
        }
    }

    /** Writes wcc_data. */
    void change(XdrOut out, Before before, Node node) {
        before.write(out);
        after(out, node);
    }

    /** Writes a handle as nfs_fh3. */
    static void handle(XdrOut out, Node node) {
        out.opaque(node.handle());
    }

    /** {@return who may use what; the thread acts as root from now on, as the policy may have to read files} */
    public ExportPolicy policy() {
        identity.becomeItself();
        return registry.policy();
    }

    /** {@return who is told; the thread acts as root from now on} */
    public NfsListener listener() {
        identity.becomeItself();
        return registry.listener();
    }

    /** Runs a task on this loop's thread; from any thread. */
    public void execute(Runnable task) {
        loop.execute(task);
    }

    /** Forgets everything of an export; on the loop's thread. */
    public void release(long exportId) {
        nodes.dropIf(node -> node.export().id() == exportId);
    }

    void tick() {
        begin();
        cold.tick();
        nodes.tick();
    }

    void close() {
        nodes.dropIf(node -> true);
    }
}
