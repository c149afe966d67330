package dev.nbroot.build;

import dev.nbroot.system.TreeRemoval;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** Directories of the cache that are still being made, or are on their way out. Each is named by its process. */
public final class Unfinished {
    private static final String MAKING = ".making-";

    private Unfinished() {}

    /**
     * {@return a new directory; what killed builds have left beside it is deleted first}
     *
     * @param directory where; made when absent, for root alone
     * @param what part of its name
     * @throws IOException when it cannot be made
     */
    public static Path begin(Path directory, String what) throws IOException {
        Files.createDirectories(directory);
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
        sweep(directory);
        return beside(directory, what);
    }

    /** {@return a new directory in one that exists} */
    static Path beside(Path directory, String what) throws IOException {
        return Files.createTempDirectory(
                directory, MAKING + ProcessHandle.current().pid() + "-" + what + "-");
    }

    /** Deletes what killed builds have left in a directory. */
    static void sweep(Path directory) throws IOException {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory, MAKING + "[0-9]*")) {
            for (Path entry : entries) {
                String pid = entry.getFileName()
                        .toString()
                        .substring(MAKING.length())
                        .replaceFirst("[^0-9].*", "");
                if (ProcessHandle.of(Long.parseLong(pid))
                        .filter(ProcessHandle::isAlive)
                        .isEmpty()) {
                    TreeRemoval.remove(entry);
                }
            }
        }
    }
}
