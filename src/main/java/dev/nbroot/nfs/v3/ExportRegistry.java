package dev.nbroot.nfs.v3;

import dev.nbroot.nfs.export.Export;
import dev.nbroot.nfs.export.ExportPolicy;
import dev.nbroot.nfs.export.NfsListener;
import dev.nbroot.system.PosixFiles;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The exports that are open. A root is opened when it is first needed: by a MOUNT, or by a handle after a restart. */
public final class ExportRegistry {
    private static final int HANDLE_ROOM = 128;
    private static final int SECRET_BYTES = 16;

    private final PosixFiles posix;
    private final ExportPolicy policy;
    private final NfsListener listener;
    private final HandleCodec codec;
    private final Removals removals = new Removals();
    private final ConcurrentHashMap<Long, OpenExport> open = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<Long, Opening> opening = new ConcurrentHashMap<>();
    private boolean closed;

    /**
     * Makes an empty registry.
     *
     * @param secret 16 bytes that only the server knows; handles live as long as it stays the same
     */
    public ExportRegistry(PosixFiles posix, ExportPolicy policy, NfsListener listener, byte[] secret) {
        this.posix = posix;
        this.policy = policy;
        this.listener = listener;
        this.codec = new HandleCodec(secret);
    }

    PosixFiles posix() {
        return posix;
    }

    ExportPolicy policy() {
        return policy;
    }

    NfsListener listener() {
        return listener;
    }

    HandleCodec codec() {
        return codec;
    }

    Removals removals() {
        return removals;
    }

    /** {@return the export of a handle, open or not} */
    Optional<Export> find(long id) {
        return policy.find(id);
    }

    /**
     * Opens an export on another thread, unless that is under way; several at once, each by itself.
     *
     * @param who asks; the addresses take turns
     */
    Opening open(InetAddress who, Export export, DiskThreads threads) {
        return opening.computeIfAbsent(export.id(), id -> {
            Opening begun = new Opening();
            threads.openExport(who, () -> open(export, begun));
            return begun;
        });
    }

    private void open(Export export, Opening begun) {
        IOException failure = null;
        try {
            // It may have been opened between the caller's look and this task.
            if (!open.containsKey(export.id())) {
                keep(openRoot(posix, codec, export));
            }
        } catch (IOException e) {
            failure = e;
        } catch (RuntimeException | Error e) {
            // Whoever waits must be woken.
            failure = new IOException("cannot open " + export.path() + ": " + e, e);
        }
        opening.remove(export.id(), begun);
        begun.end(failure);
    }

    private synchronized void keep(OpenExport opened) {
        if (closed) {
            closeRoot(opened);
        } else {
            open.put(opened.id(), opened);
        }
    }

    /**
     * Checks that a directory can be exported.
     *
     * @throws IOException when it cannot be opened, or its file system gives no handles (name_to_handle_at(2)), as that
     *     of /proc and an overlay without {@code nfs_export}
     */
    public static void check(PosixFiles posix, Path directory) throws IOException {
        Export probe = Export.immutable(directory.toString(), () -> directory);
        posix.close(
                openRoot(posix, new HandleCodec(new byte[SECRET_BYTES]), probe).rootDescriptor());
    }

    private static OpenExport openRoot(PosixFiles posix, HandleCodec codec, Export export) throws IOException {
        Path root = export.root().open();
        OpenExport opened = null;
        try {
            opened = openRoot(posix, codec, export, root);
            return opened;
        } finally {
            if (opened == null) {
                export.root().close();
            }
        }
    }

    private static OpenExport openRoot(PosixFiles posix, HandleCodec codec, Export export, Path root)
            throws IOException {
        byte[] name = root.toString().getBytes(StandardCharsets.UTF_8);
        ByteBuffer path = ByteBuffer.allocateDirect(name.length + 1).put(name);
        int flags = PosixFiles.READ | PosixFiles.DIRECTORY | PosixFiles.FOLLOW;
        int fd = posix.open(PosixFiles.NO_DIRECTORY, posix.address(path), flags, 0);
        if (fd < 0) {
            throw new IOException("cannot open " + root + ": " + posix.reason(-fd));
        }
        ByteBuffer kernel = ByteBuffer.allocateDirect(16 + HANDLE_ROOM).order(ByteOrder.nativeOrder());
        kernel.putInt(8, HANDLE_ROOM);
        int result = posix.handleOf(fd, posix.address(kernel) + 8, posix.address(kernel));
        ByteBuffer handle = ByteBuffer.allocate(HandleCodec.MOST_BYTES);
        int length = result < 0 ? 0 : codec.encode(handle, export.id(), kernel, 8);
        if (length == 0) {
            posix.close(fd);
            throw new IOException("the file system of " + root + " gives no usable file handles"
                    + (result < 0 ? ": " + posix.reason(-result) : ""));
        }
        byte[] bytes = new byte[length];
        handle.get(0, bytes);
        return new OpenExport(export, fd, kernel.getInt(0), bytes);
    }

    /** {@return an export that is open, or null} */
    OpenExport ifOpen(long id) {
        return open.get(id);
    }

    /** Takes an export out; its descriptor is closed by {@link #closeRoot} once no loop uses it. */
    public Object remove(long id) {
        return open.remove(id);
    }

    /** Keeps what {@link #remove} gave after all, unless the export was opened anew meanwhile; null is ignored. */
    public void putBack(Object removed) {
        if (removed instanceof OpenExport export && open.putIfAbsent(export.id(), export) != null) {
            closeRoot(export);
        }
    }

    /** Closes what {@link #remove} gave; null is ignored. */
    public void closeRoot(Object removed) {
        if (removed instanceof OpenExport export) {
            posix.close(export.rootDescriptor());
            export.export().root().close();
        }
    }

    /** {@return the ids of the open exports that the policy does not have any more} */
    public List<Long> forgotten() {
        return open.keySet().stream().filter(id -> policy.find(id).isEmpty()).toList();
    }

    /** Closes all roots. */
    public synchronized void close() {
        closed = true;
        open.values().forEach(this::closeRoot);
        open.clear();
    }
}
