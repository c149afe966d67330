package dev.nbroot.system.tree;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One name of a tree with what the kernel keeps of it, contents left out.
 *
 * @param path where it lies
 * @param type what it is
 * @param mode permission bits with setuid, setgid and sticky, 0 to 07777
 * @param uid the owner's number
 * @param gid the group's number
 * @param size bytes of a regular file; 0 for everything else, because file systems differ
 * @param modified when the contents changed
 * @param target a symbolic link's target, each character one byte; else empty
 * @param device a device's number; 0,0 for everything else
 * @param xattrs extended attributes by name, the values in hexadecimal digits; {@code trusted.*} are seen by root only
 * @param links how many names the file has, some of them perhaps outside the tree
 * @param id which file it is
 */
public record TreeEntry(
        EntryPath path,
        EntryType type,
        int mode,
        int uid,
        int gid,
        long size,
        Time modified,
        String target,
        Device device,
        SortedMap<String, String> xattrs,
        int links,
        FileId id) {

    /** Seconds since 1970 and nanoseconds, 0 to 999999999, as the kernel has them. */
    public record Time(long seconds, int nanos) {}

    /** A device's number (makedev(3)). */
    public record Device(int major, int minor) {}

    /** Two names with the same one are one file. */
    public record FileId(int deviceMajor, int deviceMinor, long inode) {}

    /** Copies the map. */
    public TreeEntry {
        xattrs = Collections.unmodifiableSortedMap(new TreeMap<>(xattrs));
    }

    /** {@return the target for people; empty unless it is a symbolic link} */
    public String shownTarget() {
        return EntryPath.shown(target);
    }

    boolean isDirectory() {
        return type == EntryType.DIRECTORY;
    }

    boolean isFile() {
        return type == EntryType.FILE;
    }
}
