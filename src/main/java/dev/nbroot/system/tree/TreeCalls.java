package dev.nbroot.system.tree;

import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import dev.nbroot.system.PosixFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The kernel's calls for one walk, with the memory for their arguments and results. For one thread.
 *
 * <pre>
 * 0 struct statx | 256 a name | 1024 /proc/self/fd/N/NAME | 2048 an attribute's name | 4096 a path or target
 * 16 KiB entries or attributes' names | 80 KiB an attribute's value
 * </pre>
 */
final class TreeCalls {
    private static final int STATX = 0;
    private static final int NAME = 256;
    private static final int PROC = 1024;
    private static final int XATTR_NAME = 2048;
    private static final int TARGET = 4096;
    private static final int LIST = 16 * 1024;
    private static final int LIST_ROOM = 64 * 1024;
    private static final int VALUE = LIST + LIST_ROOM;
    private static final int VALUE_ROOM = 64 * 1024;
    private static final int MOST_TARGET = 4096;
    /** MAX_HANDLE_SZ of name_to_handle_at(2). */
    private static final int HANDLE_ROOM = 128;

    private static final int EOPNOTSUPP = 95;

    private final PosixFiles posix;
    private final Path top;
    private final ByteBuffer memory =
            ByteBuffer.allocateDirect(VALUE + VALUE_ROOM).order(ByteOrder.nativeOrder());
    private final long address;

    /**
     * Prepares.
     *
     * @param top the tree's path, for failures
     */
    TreeCalls(PosixFiles posix, Path top) {
        this.posix = posix;
        this.top = top;
        this.address = posix.address(memory);
    }

    int openTop() {
        byte[] path = top.toAbsolutePath().toString().getBytes(StandardCharsets.UTF_8);
        if (path.length >= LIST - TARGET) {
            throw Failure.of(FailureKind.USAGE, "the path is too long: " + top, "");
        }
        memory.put(TARGET, path).put(TARGET + path.length, (byte) 0);
        int flags = PosixFiles.READ | PosixFiles.DIRECTORY;
        return (int) checked(
                posix.open(PosixFiles.NO_DIRECTORY, address + TARGET, flags, 0), "open the tree", EntryPath.TOP);
    }

    int open(int directory, String name, boolean isDirectory, EntryPath path) {
        putName(name);
        int flags = PosixFiles.READ | (isDirectory ? PosixFiles.DIRECTORY : 0);
        return (int) checked(posix.open(directory, address + NAME, flags, 0), "open", path);
    }

    void close(int descriptor) {
        checked(posix.close(descriptor), "close", EntryPath.TOP);
    }

    /** {@return the names in a directory, sorted by their bytes, each character one byte} */
    List<String> names(int directory, EntryPath path) {
        if (Thread.currentThread().isInterrupted()) {
            throw Failure.of(FailureKind.INTERRUPTED, "interrupted while reading a tree", "");
        }
        List<String> names = new ArrayList<>();
        long bytes = checked(posix.getdents(directory, address + LIST, LIST_ROOM), "list", path);
        while (bytes > 0) {
            // struct linux_dirent64: its length at 16, the name from 19 (getdents(2)).
            for (int at = LIST; at < LIST + bytes; at += memory.getShort(at + 16) & 0xffff) {
                String name = zeroTerminated(at + 19);
                if (!name.equals(".") && !name.equals("..")) {
                    names.add(name);
                }
            }
            bytes = checked(posix.getdents(directory, address + LIST, LIST_ROOM), "list", path);
        }
        Collections.sort(names);
        return names;
    }

    /** {@return the number of the mount that a directory belongs to} */
    long mountOf(int directory) {
        checked(posix.statx(directory, address + STATX), "look at", EntryPath.TOP);
        return memory.getLong(STATX + 144);
    }

    /** {@return the top as an entry} */
    TreeEntry top(int directory) {
        checked(posix.statx(directory, address + STATX), "look at", EntryPath.TOP);
        return entry(directory, ".", EntryPath.TOP);
    }

    /**
     * {@return a name in a directory}
     *
     * @param mount the mount that it must belong to
     */
    TreeEntry entry(int directory, String name, EntryPath path, long mount) {
        putName(name);
        checked(posix.statxAt(directory, address + NAME, address + STATX), "look at", path);
        if (memory.getLong(STATX + 144) != mount) {
            throw Failure.of(
                    FailureKind.FAILED,
                    "something is mounted in the tree, at " + at(path),
                    "umount " + at(path) + ", or leave it out");
        }
        return entry(directory, name, path);
    }

    /** A struct file_handle is its length, its type, and the bytes (name_to_handle_at(2)). */
    String handle(int directory, String name, EntryPath path) {
        putName(name);
        memory.putInt(VALUE, HANDLE_ROOM);
        checked(
                posix.handleAt(directory, address + NAME, address + VALUE, address + LIST),
                "ask for the handle of",
                path);
        byte[] bytes = new byte[memory.getInt(VALUE)];
        memory.get(VALUE + 8, bytes);
        return String.format("%02x", memory.getInt(VALUE + 4)) + HexFormat.of().formatHex(bytes);
    }

    /** The offsets are those of struct statx (statx(2)). */
    private TreeEntry entry(int directory, String name, EntryPath path) {
        int mode = memory.getShort(STATX + 28) & 0xffff;
        EntryType type = EntryType.of(mode);
        int links = memory.getInt(STATX + 16);
        int uid = memory.getInt(STATX + 20);
        int gid = memory.getInt(STATX + 24);
        long inode = memory.getLong(STATX + 32);
        long size = memory.getLong(STATX + 40);
        TreeEntry.Time modified = new TreeEntry.Time(memory.getLong(STATX + 112), memory.getInt(STATX + 120));
        TreeEntry.Device device = type.isDevice()
                ? new TreeEntry.Device(memory.getInt(STATX + 128), memory.getInt(STATX + 132))
                : new TreeEntry.Device(0, 0);
        TreeEntry.FileId id = new TreeEntry.FileId(memory.getInt(STATX + 136), memory.getInt(STATX + 140), inode);
        return new TreeEntry(
                path,
                type,
                mode & 07777,
                uid,
                gid,
                type == EntryType.FILE ? size : 0,
                modified,
                type == EntryType.LINK ? target(directory, path) : "",
                device,
                xattrs(directory, name, path),
                links,
                id);
    }

    /** The name is the one that was looked at last. */
    private String target(int directory, EntryPath path) {
        long length = checked(
                posix.readlinkAt(directory, address + NAME, address + TARGET, MOST_TARGET), "read the link", path);
        return text(TARGET, (int) length);
    }

    private SortedMap<String, String> xattrs(int directory, String name, EntryPath path) {
        byte[] proc = ("/proc/self/fd/" + directory + "/" + name).getBytes(StandardCharsets.ISO_8859_1);
        memory.put(PROC, proc).put(PROC + proc.length, (byte) 0);
        long listed = posix.listXattrOfName(address + PROC, address + LIST, LIST_ROOM);
        if (listed == 0 || listed == -EOPNOTSUPP) {
            return Collections.emptySortedMap();
        }
        checked(listed, "list the extended attributes of", path);
        SortedMap<String, String> found = new TreeMap<>();
        for (int at = LIST; at < LIST + listed; ) {
            String attribute = zeroTerminated(at);
            at += attribute.length() + 1;
            found.put(attribute, value(attribute, path));
        }
        return found;
    }

    private String value(String attribute, EntryPath path) {
        byte[] bytes = attribute.getBytes(StandardCharsets.ISO_8859_1);
        memory.put(XATTR_NAME, bytes).put(XATTR_NAME + bytes.length, (byte) 0);
        long length = checked(
                posix.getXattrOfName(address + PROC, address + XATTR_NAME, address + VALUE, VALUE_ROOM),
                "read the extended attribute " + attribute + " of",
                path);
        byte[] value = new byte[(int) length];
        memory.get(VALUE, value);
        return HexFormat.of().formatHex(value);
    }

    private void putName(String name) {
        byte[] bytes = name.getBytes(StandardCharsets.ISO_8859_1);
        memory.put(NAME, bytes).put(NAME + bytes.length, (byte) 0);
    }

    private String zeroTerminated(int from) {
        int end = from;
        while (memory.get(end) != 0) {
            end++;
        }
        return text(from, end - from);
    }

    private String text(int from, int length) {
        byte[] bytes = new byte[length];
        memory.get(from, bytes);
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private long checked(long result, String doing, EntryPath path) {
        if (result < 0) {
            throw failed(doing, path, (int) -result);
        }
        return result;
    }

    Failure failed(String doing, EntryPath path, int error) {
        return Failure.io(doing, at(path), new IOException(posix.reason(error)));
    }

    /** Escaped, because Java's paths take no byte that the locale does not know. */
    Path at(EntryPath path) {
        return top.resolve(path.escaped()).normalize();
    }
}
