package dev.nbroot.build;

import dev.nbroot.report.Failure;
import dev.nbroot.system.TreeRemoval;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * The hidden directory in which a generation is made, beside the finished ones, so that a rename publishes it. One that
 * a killed build left is deleted first; the caller holds the root's lock.
 *
 * @param path the directory
 */
public record WorkDirectory(Path path) implements AutoCloseable {
    private static final String PRIVATE = "rwx------";

    /**
     * Makes the directory anew.
     *
     * @param root the directory of the root's generations; made when absent
     * @param needed bytes that must be free
     * @throws Failure of kind {@code FAILED} when there is not enough space (then nothing is made), or at an I/O error
     */
    public static WorkDirectory make(Path root, long needed) {
        Path path = clear(root);
        BuildChecks.space(existing(root), needed);
        try {
            // No mode may depend on the umask: other NFS servers export what lies below, too.
            ensure(root.getParent().getParent(), "rwxr-xr-x");
            // A root has setuid programs, which the server's own users must not be able to run.
            ensure(root.getParent(), PRIVATE);
            Files.setPosixFilePermissions(root.getParent(), PosixFilePermissions.fromString(PRIVATE));
            ensure(root, "rwxr-xr-x");
            ensure(path, "rwxr-xr-x");
        } catch (IOException e) {
            throw Failure.io("make the directory", path, e);
        }
        return new WorkDirectory(path);
    }

    /**
     * Deletes what a killed build has left; the caller holds the root's lock.
     *
     * @return where it would be
     */
    public static Path clear(Path root) {
        Path path = root.resolve(".building");
        TreeRemoval.remove(path);
        return path;
    }

    private static Path existing(Path directory) {
        Path at = directory.toAbsolutePath();
        while (!Files.exists(at)) {
            at = at.getParent();
        }
        return at;
    }

    /** {@return a directory that everybody may look into; made when absent} */
    static Path directory(Path path) {
        try {
            ensure(path, "rwxr-xr-x");
            return path;
        } catch (IOException e) {
            throw Failure.io("make the directory", path, e);
        }
    }

    /**
     * Makes a directory that nobody but root may look or write into, whatever the umask: what is in the cache gets
     * installed.
     */
    public static void restrict(Path path) {
        try {
            Files.createDirectories(path);
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(PRIVATE));
        } catch (IOException e) {
            throw Failure.io("make the directory", path, e);
        }
    }

    private static void ensure(Path directory, String permissions) throws IOException {
        if (!Files.isDirectory(directory)) {
            Files.createDirectories(directory);
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString(permissions));
        }
    }

    @Override
    public void close() {
        TreeRemoval.remove(path);
    }
}
