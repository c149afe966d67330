package dev.nbroot.system;

import dev.nbroot.report.Failure;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Set;

/** Puts a file in place by rename(2), whole and synced to disk or not at all. */
public final class AtomicFile {
    private AtomicFile() {}

    /**
     * Writes a text unless the file already has it.
     *
     * @param permissions as ls(1) shows them, such as {@code rw-r--r--}
     * @return whether the file changed
     * @throws Failure of kind {@code FAILED} at an I/O error; the old file is left as it was
     */
    public static boolean write(Path file, String text, String permissions) {
        return write(file, text.getBytes(StandardCharsets.UTF_8), permissions);
    }

    /** As {@link #write(Path, String, String)}, for bytes. */
    public static boolean write(Path named, byte[] bytes, String permissions) {
        // A bare name has no parent.
        Path file = named.toAbsolutePath();
        Set<PosixFilePermission> mode = PosixFilePermissions.fromString(permissions);
        Path temporary = null;
        try {
            if (Files.isRegularFile(file) && Arrays.equals(Files.readAllBytes(file), bytes)) {
                Files.setPosixFilePermissions(file, mode);
                return false;
            }
            Files.createDirectories(file.getParent());
            temporary = Files.createTempFile(file.getParent(), ".nbroot-", ".tmp");
            Files.write(temporary, bytes);
            Files.setPosixFilePermissions(temporary, mode);
            sync(temporary);
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            sync(file.getParent());
            return true;
        } catch (IOException e) {
            drop(temporary, e);
            throw Failure.io("write", file, e);
        }
    }

    /**
     * Makes a file's contents, or a directory's entries, survive a power cut (fsync(2)).
     *
     * @param path a regular file or a directory
     */
    public static void sync(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static void drop(Path temporary, IOException reason) {
        if (temporary != null) {
            try {
                Files.deleteIfExists(temporary);
            } catch (IOException e) {
                reason.addSuppressed(e);
            }
        }
    }
}
