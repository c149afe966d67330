package dev.nbroot.client;

import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import dev.nbroot.state.ClientRecord;
import dev.nbroot.state.StateDirectory;
import dev.nbroot.system.PosixFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * A machine's view as its two layers show it, without a mount: so it can be looked at while the machine works in it, when
 * the kernel gives it to nobody else.
 *
 * <p>What the machine wrote is not to be trusted, and may change between two calls: nothing is found by way of a symbolic
 * link, a name is looked at in a descriptor and not twice by its path, and no device or FIFO is ever opened
 * ({@link PosixFiles#openBeneath}). For one thread.
 */
public final class LayeredView implements AutoCloseable {
    /** The most names that are read of one directory: what more there is, is not seen. */
    private static final int MOST_NAMES = 4096;

    private static final int ENOENT = 2;
    private static final int ENOTDIR = 20;
    private static final int ELOOP = 40;
    private static final int EXDEV = 18;
    private static final int LIST_ROOM = 32 * 1024;
    private static final int STATX = 0;
    private static final int HOW = 256;
    private static final int XATTR = 320;
    private static final int PATH = 512;
    private static final int PATH_ROOM = 4096;
    private static final int LIST = PATH + PATH_ROOM;
    private static final byte[] OPAQUE = "trusted.overlay.opaque\0".getBytes(StandardCharsets.US_ASCII);

    private final PosixFiles posix;
    private final ByteBuffer memory =
            ByteBuffer.allocateDirect(LIST + LIST_ROOM).order(ByteOrder.nativeOrder());
    private final long address;
    private final int upper;
    private final int lower;

    private LayeredView(PosixFiles posix, Path upper, Path lower) {
        this.posix = posix;
        this.address = posix.address(memory);
        this.upper = top(upper);
        try {
            this.lower = top(lower);
        } catch (Failure failure) {
            posix.close(this.upper);
            throw failure;
        }
    }

    /**
     * Opens a persistent client's layers.
     *
     * @throws Failure of kind {@code FAILED} when they are not there
     */
    public static LayeredView open(PosixFiles posix, StateDirectory state, ClientRecord client) {
        return new LayeredView(
                posix,
                state.client(client.mac()).resolve("upper"),
                state.generation(client.root(), client.generation()).tree());
    }

    private int top(Path directory) {
        putPath(directory.toString());
        int descriptor =
                posix.open(PosixFiles.NO_DIRECTORY, address + PATH, PosixFiles.PLACE | PosixFiles.DIRECTORY, 0);
        if (descriptor < 0) {
            throw Failure.io("open", directory, new IOException(posix.reason(-descriptor)));
        }
        return descriptor;
    }

    /**
     * {@return a regular file of the view; absent when there is none, when it is anything else, or when a symbolic link is
     * on the way}
     *
     * @param path relative to the view
     */
    public Optional<ViewFile> file(String path) {
        int place = find(path);
        if (place < 0) {
            return Optional.empty();
        }
        if (type(place) != Type.FILE) {
            posix.close(place);
            return Optional.empty();
        }
        return Optional.of(new ViewFile(posix, place, stamp()));
    }

    /** {@return what tells that a file was changed; empty when there is no such regular file} */
    public String stamp(String path) {
        Optional<ViewFile> file = file(path);
        try {
            return file.map(ViewFile::stamp).orElse("");
        } finally {
            file.ifPresent(ViewFile::close);
        }
    }

    /** {@return the names in a directory of the view, of those that the machine itself put there} */
    public Set<String> ownNames(String directory) {
        int descriptor = in(upper, directory);
        return descriptor < 0 ? Set.of() : names(descriptor);
    }

    /** {@return a descriptor; below zero when the path leads nowhere} The upper layer decides as far as it says anything: what it removed, or put another thing at, is not seen below. */
    private int find(String path) {
        for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
            int parent = in(upper, path.substring(0, slash));
            if (parent == -ENOENT) {
                return in(lower, path);
            }
            if (parent < 0) {
                return parent;
            }
            Type type = type(parent);
            boolean opaque = type == Type.DIRECTORY && isOpaque(parent);
            posix.close(parent);
            if (type != Type.DIRECTORY) {
                return -ENOENT;
            }
            if (opaque) {
                return in(upper, path);
            }
        }
        int own = in(upper, path);
        return own == -ENOENT ? in(lower, path) : own;
    }

    private int in(int layer, String path) {
        putPath(path);
        int descriptor = posix.openBeneath(layer, address + PATH, PosixFiles.PLACE, address + HOW);
        if (descriptor < 0
                && descriptor != -ENOENT
                && descriptor != -ENOTDIR
                && descriptor != -ELOOP
                && descriptor != -EXDEV) {
            throw Failure.of(
                    FailureKind.FAILED, "cannot look at /" + path + " of a view: " + posix.reason(-descriptor), "");
        }
        return descriptor;
    }

    private enum Type {
        FILE,
        DIRECTORY,
        OTHER
    }

    /** Leaves what statx(2) said in memory. */
    private Type type(int descriptor) {
        int error = posix.statx(descriptor, address + STATX);
        if (error < 0) {
            throw Failure.of(FailureKind.FAILED, "cannot look at a view: " + posix.reason(-error), "");
        }
        int format = memory.getShort(STATX + 28) & 0170000;
        return format == 0100000 ? Type.FILE : format == 0040000 ? Type.DIRECTORY : Type.OTHER;
    }

    /** Inode, size, time of contents and time of change of what was looked at last: the offsets of struct statx. */
    private String stamp() {
        return memory.getLong(STATX + 32) + " " + memory.getLong(STATX + 40) + " " + memory.getLong(STATX + 112) + "."
                + memory.getInt(STATX + 120) + " " + memory.getLong(STATX + 96) + "." + memory.getInt(STATX + 104);
    }

    private boolean isOpaque(int directory) {
        memory.put(XATTR, OPAQUE);
        putPath("/proc/self/fd/" + directory);
        long length = posix.getXattr(address + PATH, address + XATTR, address + HOW, 8);
        return length == 1 && memory.get(HOW) == 'y';
    }

    /** Takes the descriptor of a place, and closes it. */
    private Set<String> names(int place) {
        Set<String> names = new TreeSet<>();
        try {
            if (type(place) != Type.DIRECTORY) {
                return names;
            }
            putPath("/proc/self/fd/" + place);
            int directory = posix.open(
                    PosixFiles.NO_DIRECTORY,
                    address + PATH,
                    PosixFiles.READ | PosixFiles.DIRECTORY | PosixFiles.FOLLOW,
                    0);
            if (directory < 0) {
                return names;
            }
            try {
                long bytes = posix.getdents(directory, address + LIST, LIST_ROOM);
                while (bytes > 0 && names.size() < MOST_NAMES) {
                    // struct linux_dirent64: its length at 16, the name from 19 (getdents(2)).
                    for (int at = LIST; at < LIST + bytes; at += memory.getShort(at + 16) & 0xffff) {
                        names.add(text(at + 19));
                    }
                    bytes = posix.getdents(directory, address + LIST, LIST_ROOM);
                }
            } finally {
                posix.close(directory);
            }
        } finally {
            posix.close(place);
        }
        names.remove(".");
        names.remove("..");
        return names;
    }

    private String text(int from) {
        int end = from;
        while (memory.get(end) != 0) {
            end++;
        }
        byte[] bytes = new byte[end - from];
        memory.get(from, bytes);
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private void putPath(String path) {
        byte[] bytes = path.getBytes(StandardCharsets.UTF_8);
        if (bytes.length >= PATH_ROOM) {
            throw new IllegalArgumentException("a path of " + bytes.length + " bytes");
        }
        memory.put(PATH, bytes).put(PATH + bytes.length, (byte) 0);
    }

    @Override
    public void close() {
        posix.close(upper);
        posix.close(lower);
    }
}
