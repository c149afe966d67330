package dev.nbroot.nfs.v3;

import dev.nbroot.nfs.export.Export;
import dev.nbroot.nfs.export.ExportPolicy;
import dev.nbroot.nfs.export.LinkCounts;
import dev.nbroot.nfs.export.NfsListener;
import dev.nbroot.nfs.rpc.RpcCall;
import dev.nbroot.nfs.xdr.XdrIn;
import dev.nbroot.nfs.xdr.XdrOut;
import dev.nbroot.system.PosixFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/** What all procedures of one loop work with: the identity, the open nodes, and the steps that they share. */
public final class Workspace {
    /** No path is deeper (PATH_MAX, with one letter per name). */
    private static final int MOST_DEPTH = 2048;

    private static final byte[] NO_HANDLE = {};

    private final ExportRegistry registry;
    private final PosixFiles posix;
    private final Identity identity;
    private final NodeTable nodes;
    private final Scratch scratch;
    private final HandleCodec codec;
    private final ByteBuffer handle = ByteBuffer.allocate(HandleCodec.MOST_BYTES);
    private final DiskThreads disk;
    private final Executor loop;
    private final long verifier;
    private final Removals.Inbox removals;
    private final Consumer<byte[]> closing = this::drop;
    private int status;
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

    /** {@return why {@link #node}, {@link #child} or another step gave nothing} */
    int status() {
        return status;
    }

    Node fail(int why) {
        status = why;
        return null;
    }

    /** Closes what other loops have removed; before a call looks for its nodes. */
    void begin() {
        removals.empty(closing);
    }

    /** Reads a handle and {@return its node; null with {@link #status} when there is none for this caller} */
    Node node(RpcCall call, XdrIn in) {
        int length = in.opaque(HandleCodec.MOST_BYTES);
        int at = in.data();
        ByteBuffer data = in.buffer();
        if (!codec.isShaped(data, at, length)) {
            return fail(Status.BADHANDLE);
        }
        Node node = nodes.find(data, at, length);
        if (node == null) {
            if (!codec.isOurs(data, at, length)) {
                return fail(Status.BADHANDLE);
            }
            node = open(data, at, length);
        }
        return node != null && permitted(call, node.export()) ? node : null;
    }

    private boolean permitted(RpcCall call, OpenExport export) {
        present = PeerPermissions.of(call.peer());
        status = present.check(export.export(), this);
        return status == Status.OK;
    }

    /** {@return whether the caller of the present call, for whom {@link #node} gave a node, may write there} */
    boolean writable(Node node) {
        return present.seen(node.export().export()).writable();
    }

    private Node open(ByteBuffer data, int at, int length) {
        OpenExport export = registry.ifOpen(HandleCodec.exportId(data, at));
        try {
            if (export == null) {
                identity.becomeItself();
                export = registry.byId(HandleCodec.exportId(data, at));
            }
        } catch (IOException e) {
            listener().failed("opening an export for a client that has a handle of it", e);
            return fail(Status.JUKEBOX);
        }
        if (export == null) {
            return fail(Status.STALE);
        }
        identity.becomeServer();
        HandleCodec.decode(data, at, scratch.memory(), Scratch.HANDLE);
        int fd = posix.openByHandle(export.rootDescriptor(), scratch.at(Scratch.HANDLE), PosixFiles.PLACE);
        if (fd < 0) {
            int why = Status.of(fd);
            return fail(why == Status.JUKEBOX || why == Status.IO ? why : Status.STALE);
        }
        byte[] bytes = new byte[length];
        data.get(at, bytes);
        Node node = add(new Node(HandleCodec.checksum(data, at, length), bytes, export, fd));
        if (!load(node) || node.attributes().links() == 0 || isRemovedDirectory(node)) {
            nodes.drop(node);
            return fail(Status.STALE);
        }
        return node;
    }

    private boolean isRemovedDirectory(Node node) {
        return node.attributes().isDirectory() && registry.removals().hasRemoved(node.key(), node.handle());
    }

    private Node add(Node node) {
        nodes.add(node);
        return node;
    }

    /** {@return the root of an export, opened if need be} */
    Node root(Export export) throws IOException {
        identity.becomeItself();
        byte[] bytes = registry.open(export).rootHandle();
        ByteBuffer data = ByteBuffer.wrap(bytes);
        Node node = nodes.find(data, 0, bytes.length);
        return node != null ? node : open(data, 0, bytes.length);
    }

    /**
     * What a MOUNT found.
     *
     * @param status 0, or an nfsstat3 number
     * @param handle the directory's handle if the status is 0
     */
    public record Mounted(int status, byte[] handle) {}

    /**
     * Finds a directory of an export for MOUNT; symbolic links on the way are not followed.
     *
     * @param names the components below the export's root, perhaps none
     * @throws IOException when the export cannot be opened now
     */
    public Mounted mount(Export export, List<String> names) throws IOException {
        Node node = root(export);
        for (int i = 0; node != null && i < names.size(); i++) {
            byte[] name = names.get(i).getBytes(StandardCharsets.UTF_8);
            if (name.length > Scratch.MOST_NAME) {
                return new Mounted(Status.NAMETOOLONG, new byte[0]);
            }
            int result = scratch.copyName(ByteBuffer.wrap(name), 0, name.length);
            if (result != Status.OK) {
                return new Mounted(result, new byte[0]);
            }
            identity.becomeServer();
            node = child(node);
        }
        if (node == null) {
            return new Mounted(status, new byte[0]);
        }
        return type(node) == Attributes.DIRECTORY
                ? new Mounted(Status.OK, node.handle())
                : new Mounted(Status.NOTDIR, new byte[0]);
    }

    /** {@return the identity that a call acts with on an export} */
    Caller caller(RpcCall call, Node node) {
        return identity.caller(call, present.seen(node.export().export()).squash());
    }

    /**
     * {@return the object that Scratch#name names in a directory, as the present identity; null with {@link #status}}
     *
     * @param parent the directory
     */
    Node child(Node parent) {
        int result = posix.handleAt(parent.place(), scratch.name(), scratch.handleRoom(), scratch.mountIdAddress());
        if (result < 0) {
            return fail(Status.of(result));
        }
        Node node = known(parent.export());
        if (node != null || status != Status.OK) {
            return node;
        }
        int fd = posix.open(parent.place(), scratch.name(), PosixFiles.PLACE, 0);
        return fd < 0 ? fail(Status.of(fd)) : adopt(parent.export(), fd);
    }

    /** {@return whether a directory is its export's root or below it; the thread acts as the server from now on} */
    boolean isInside(Node directory) {
        if (directory.isRoot()) {
            return true;
        }
        identity.becomeServer();
        scratch.nameDotDot();
        int at = posix.open(directory.place(), scratch.name(), PosixFiles.PLACE, 0);
        boolean found = false;
        for (int depth = 0; at >= 0 && !found && depth < MOST_DEPTH; depth++) {
            found = isRootOf(directory.export(), at);
            int above = posix.open(at, scratch.name(), PosixFiles.PLACE, 0);
            posix.close(at);
            at = above;
        }
        if (at >= 0) {
            posix.close(at);
        }
        return found;
    }

    private boolean isRootOf(OpenExport export, int directory) {
        if (posix.handleOf(directory, scratch.handleRoom(), scratch.mountIdAddress()) < 0
                || scratch.mountId() != export.mountId()) {
            return false;
        }
        byte[] root = export.rootHandle();
        int length = codec.encode(handle, export.id(), scratch.memory(), Scratch.HANDLE);
        return Arrays.equals(handle.array(), 0, length, root, 0, root.length);
    }

    /** {@return the handle of a name in a directory, an empty one when there is none that clients could have} */
    byte[] handleOf(Node parent, long name) {
        int result = posix.handleAt(parent.place(), name, scratch.handleRoom(), scratch.mountIdAddress());
        if (result < 0 || scratch.mountId() != parent.export().mountId()) {
            return NO_HANDLE;
        }
        int length = codec.encode(handle, parent.export().id(), scratch.memory(), Scratch.HANDLE);
        return Arrays.copyOf(handle.array(), length);
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
        return node.attributes().type() != 0 || load(node) ? node.attributes().type() : 0;
    }

    /** Looks for the node of the kernel's handle in the scratch; null with OK when it is not open. */
    private Node known(OpenExport export) {
        if (scratch.mountId() != export.mountId()) {
            return fail(Status.ACCES);
        }
        int length = codec.encode(handle, export.id(), scratch.memory(), Scratch.HANDLE);
        if (length == 0) {
            return fail(Status.SERVERFAULT);
        }
        status = Status.OK;
        return nodes.find(handle, 0, length);
    }

    /** {@return a descriptor's node; closes it when the node is there already, or on an error} */
    Node adopt(OpenExport export, int fd) {
        int result = posix.handleOf(fd, scratch.handleRoom(), scratch.mountIdAddress());
        if (result < 0) {
            posix.close(fd);
            return fail(Status.of(result));
        }
        Node node = known(export);
        if (node != null || status != Status.OK) {
            posix.close(fd);
            return node;
        }
        int length = scratch.memory().getInt(Scratch.HANDLE) + HandleCodec.FIXED_BYTES;
        byte[] bytes = new byte[length];
        handle.get(0, bytes);
        return add(new Node(HandleCodec.checksum(handle, 0, length), bytes, export, fd));
    }

    /** {@return an object's attributes, or null with {@link #status}} */
    Attributes attributes(Node node) {
        return node.attributesFresh(nodes.second()) || load(node) ? node.attributes() : null;
    }

    private boolean load(Node node) {
        long version = node.export().version();
        int result = posix.statx(node.place(), scratch.at(Scratch.STATX));
        if (result < 0) {
            status = Status.of(result);
            return false;
        }
        node.attributes().load(scratch.memory(), Scratch.STATX);
        correctLinks(node.export(), node.attributes(), node.handle());
        node.attributesLoaded(version, nodes.second());
        return true;
    }

    /** Corrects the count of links in attributes that were just loaded, where the file system counts wrong. */
    void correctLinks(OpenExport export, Attributes attributes, byte[] of) {
        LinkCounts counts = export.links();
        if (counts != null && attributes.links() > 1 && !attributes.isDirectory()) {
            Caller acting = identity.present();
            identity.becomeServer();
            byte[] kernel = Arrays.copyOfRange(of, HandleCodec.KERNEL, HandleCodec.KERNEL + of[1]);
            attributes.links(counts.of(HandleCodec.kernelType(of), kernel, attributes.links()));
            identity.become(acting);
        }
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
        nodes.tick();
    }

    void close() {
        nodes.dropIf(node -> true);
    }
}
