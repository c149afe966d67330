package dev.nbroot.nfs.export;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;

/**
 * One exported tree, with what a client may do there: rules may give other clients more or less, see
 * {@link ExportPolicy#seenBy}.
 *
 * @param path what clients call it in MOUNT: absolute, without a slash at the end (except {@code /} itself)
 * @param id stands for it in file handles and as fsid; must stay the same over restarts and never be another tree's
 * @param root opens it
 * @param writable whether the client may write
 * @param squash whose identity is taken away
 * @param changes what the server may remember of it
 * @param durable whether operations on names and attributes are answered only when they are on disk
 */
public record Export(
        String path, long id, Root root, boolean writable, Squash squash, Changes changes, boolean durable) {

    /** Opens the tree when a client first needs it. */
    @FunctionalInterface
    public interface Root {
        /**
         * {@return a path by which this process reaches the tree's root directory, {@code /proc/self/fd/N} included}
         *
         * <p>Called once per {@link Export#id}, until it succeeds, on a thread for such things, for several exports at
         * once. Only who asks for this one waits for it. The server opens the directory and keeps it open until the export is released.
         *
         * @throws IOException when it cannot be opened now
         */
        Path open() throws IOException;

        /** {@return what corrects the counts of links of what {@link #open} gave; empty when they are right} */
        default Optional<LinkCounts> links() {
            return Optional.empty();
        }

        /** Takes back what {@link #open} gave, when the server has let go of it; before it may be opened again. */
        default void close() {}
    }

    /** Checks the parts. */
    public Export {
        if (!path.startsWith("/") || path.length() > 1 && path.endsWith("/")) {
            throw new IllegalArgumentException("not an export path: " + path);
        }
        if (writable && changes == Changes.NEVER) {
            throw new IllegalArgumentException("a tree that never changes cannot be writable: " + path);
        }
    }

    /** An export whose operations on names and attributes are answered before they are on disk. */
    public Export(String path, long id, Root root, boolean writable, Squash squash, Changes changes) {
        this(path, id, root, writable, squash, changes, false);
    }

    /** {@return a read-only export of a tree that never changes, root not squashed} */
    public static Export immutable(String path, Root root) {
        return new Export(path, idOf(path), root, false, Squash.NONE, Changes.NEVER);
    }

    /** {@return a writable export of a tree that only its clients change, root not squashed} */
    public static Export writable(String path, Root root) {
        return new Export(path, idOf(path), root, true, Squash.NONE, Changes.HERE_ONLY);
    }

    /**
     * {@return the same tree for a client with these rights, its changes answered before they are on disk; a tree that
     * never changes cannot be made writable}
     */
    public Export as(boolean mayWrite, Squash whose) {
        return mayWrite == writable && whose.equals(squash) && !durable
                ? this
                : new Export(path, id, root, mayWrite, whose, changes);
    }

    /** {@return the same tree, with every change on disk before it is answered} */
    public Export onDisk() {
        return durable ? this : new Export(path, id, root, writable, squash, changes, true);
    }

    /** {@return an id derived from the path, for trees whose path means the same tree for ever} */
    public static long idOf(String path) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(path.getBytes(StandardCharsets.UTF_8));
            return ByteBuffer.wrap(digest).getLong();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
