package dev.nbroot.nfs.v3;

import dev.nbroot.nfs.export.Export;
import dev.nbroot.nfs.export.LinkCounts;
import dev.nbroot.nfs.rpc.ParkedCall;
import dev.nbroot.nfs.rpc.RpcCall;
import dev.nbroot.system.PosixFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Predicate;

/** Finds the node of a handle or of a name, and opens it if need be; loads a node's attributes. */
final class NodeFinder {
    private static final byte[] NO_HANDLE = {};

    private final ExportRegistry registry;
    private final PosixFiles posix;
    private final Identity identity;
    private final NodeTable nodes;
    private final Scratch scratch;
    private final HandleCodec codec;
    private final DiskThreads disk;
    private final ColdPlaces cold;
    private final Predicate<Export> admitted;
    private final ByteBuffer handle = ByteBuffer.allocate(HandleCodec.MOST_BYTES);
    private int status;

    /** @param admitted whether the caller of the present call may use an export; notes the status when not */
    NodeFinder(
            ExportRegistry registry,
            Identity identity,
            NodeTable nodes,
            Scratch scratch,
            DiskThreads disk,
            ColdPlaces cold,
            Predicate<Export> admitted) {
        this.disk = disk;
        this.cold = cold;
        this.admitted = admitted;
        this.registry = registry;
        this.identity = identity;
        this.nodes = nodes;
        this.scratch = scratch;
        posix = registry.posix();
        codec = registry.codec();
    }

    /** {@return why the last step gave nothing; only good behind one that did} */
    int status() {
        return status;
    }

    /** Notes why there is nothing; {@return null} */
    Node fail(int why) {
        status = why;
        return null;
    }

    /** {@return the node of the handle of {@code length} bytes at an index, or null with {@link #status}} */
    Node byHandle(RpcCall call, ByteBuffer data, int at, int length) {
        if (!codec.isShaped(data, at, length)) {
            return fail(Status.BADHANDLE);
        }
        Node node = nodes.find(data, at, length);
        if (node != null) {
            return node;
        }
        return codec.isOurs(data, at, length) ? open(call, data, at, length) : fail(Status.BADHANDLE);
    }

    private Node open(RpcCall call, ByteBuffer data, int at, int length) {
        OpenExport export = registry.ifOpen(HandleCodec.exportId(data, at));
        try {
            if (export == null) {
                identity.becomeItself();
                Optional<Export> wanted = registry.find(HandleCodec.exportId(data, at));
                // Whoever may not use it must not have it opened.
                if (wanted.isPresent() && !admitted.test(wanted.get())) {
                    return null;
                }
                identity.becomeItself();
                export = wanted.isPresent() ? opened(call, wanted.get()) : null;
            }
        } catch (IOException e) {
            identity.becomeItself();
            registry.listener().failed("opening an export for a client that has a handle of it", e);
            return fail(Status.JUKEBOX);
        }
        if (export == null) {
            return fail(Status.STALE);
        }
        int bytesOfKernel = HandleCodec.decode(data, at, scratch.memory(), Scratch.HANDLE);
        if (cold.parksHandle(call, export, bytesOfKernel)) {
            throw new ParkedCall();
        }
        identity.becomeServer();
        long start = System.nanoTime();
        int fd = posix.openByHandle(export.rootDescriptor(), scratch.at(Scratch.HANDLE), PosixFiles.PLACE);
        if (fd < 0) {
            return fail(gone(Status.of(fd)));
        }
        byte[] bytes = new byte[length];
        data.get(at, bytes);
        Node node = add(new Node(HandleCodec.checksum(data, at, length), bytes, export, fd));
        boolean loaded = load(node);
        cold.took(export, System.nanoTime() - start);
        if (!loaded) {
            nodes.drop(node);
            return fail(gone(status));
        }
        if (node.attributes().links() == 0 || isRemovedDirectory(node)) {
            nodes.drop(node);
            return fail(Status.STALE);
        }
        return node;
    }

    /**
     * {@return an export that is open}
     *
     * @throws ParkedCall when it is being opened; the call comes again when that is over
     */
    private OpenExport opened(RpcCall call, Export export) throws IOException {
        OpenExport known = registry.ifOpen(export.id());
        if (known != null) {
            return known;
        }
        if (call.progress() instanceof Opening waitedFor) {
            waitedFor.check();
        }
        try {
            Opening opening = registry.open(call.peer().address().getAddress(), export, disk);
            if (call.canPark()) {
                call.progress(opening);
                opening.whenOver(call.park());
            }
        } catch (RejectedExecutionException e) {
            // The server is closing: the client gets no reply and repeats the call to the next one.
            throw new ParkedCall();
        }
        throw new ParkedCall();
    }

    private boolean isRemovedDirectory(Node node) {
        return node.attributes().isDirectory() && registry.removals().hasRemoved(node.key(), node.handle());
    }

    /** A client gives up what is stale; so what cannot be opened just now, or not be read, is not called that. */
    private static int gone(int why) {
        return why == Status.JUKEBOX || why == Status.IO ? why : Status.STALE;
    }

    private Node add(Node node) {
        nodes.add(node);
        return node;
    }

    /** {@return the root of an export, opened if need be} */
    Node root(RpcCall call, Export export) throws IOException {
        byte[] bytes = opened(call, export).rootHandle();
        ByteBuffer data = ByteBuffer.wrap(bytes);
        Node node = nodes.find(data, 0, bytes.length);
        return node != null ? node : open(call, data, 0, bytes.length);
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

    /** {@return the handle of a name in a directory, an empty one when there is none that clients could have} */
    byte[] handleOf(Node parent, long name) {
        int result = posix.handleAt(parent.place(), name, scratch.handleRoom(), scratch.mountIdAddress());
        if (result < 0 || scratch.mountId() != parent.export().mountId()) {
            return NO_HANDLE;
        }
        int length = codec.encode(handle, parent.export().id(), scratch.memory(), Scratch.HANDLE);
        return Arrays.copyOf(handle.array(), length);
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

    /** {@return the file type of a node, see Attributes; 0 when it cannot be told} */
    int type(Node node) {
        return node.attributes().type() != 0 || load(node) ? node.attributes().type() : 0;
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
}
