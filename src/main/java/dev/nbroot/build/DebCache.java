package dev.nbroot.build;

import dev.nbroot.report.Failure;
import dev.nbroot.state.StateDirectory;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * The packages that earlier builds fetched, shared by all roots.
 *
 * <p>A build works on hard links of its own, so that builds need no lock against each other, and {@code apt-get clean}
 * in a hook empties nothing but its own directory. debootstrap verifies the hash of each file it finds; apt looks at the
 * size only, so InstallPackages verifies what apt will use. Both write new files under other names first, so a link is
 * never written through.
 */
final class DebCache {
    private final Path pool;

    DebCache(StateDirectory state, String architecture) {
        pool = state.cache().resolve("archives").resolve(architecture);
    }

    /** Links everything there is into the directory of a build. */
    void fill(Path archives) {
        try {
            Files.createDirectories(pool);
            link(pool, archives);
        } catch (IOException e) {
            throw Failure.io("read the package cache", pool, e);
        }
    }

    /** Keeps what a build fetched, also one that failed: the next one need not fetch it again. */
    void keep(Path archives) {
        try {
            link(archives, pool);
        } catch (IOException e) {
            throw Failure.io("fill the package cache", pool, e);
        }
    }

    /** Deletes a file that is not what its name says, from a build and, unless it was replaced there, from the cache. */
    void drop(Path archives, String name) {
        Path file = archives.resolve(name);
        Path kept = pool.resolve(name);
        try {
            if (Files.exists(kept, LinkOption.NOFOLLOW_LINKS) && Files.isSameFile(kept, file)) {
                Files.deleteIfExists(kept);
            }
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw Failure.io("delete the damaged package file", file, e);
        }
    }

    private static void link(Path from, Path to) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(from, "*.deb")) {
            for (Path file : files) {
                try {
                    Files.createLink(to.resolve(file.getFileName()), file);
                } catch (FileAlreadyExistsException | NoSuchFileException e) {
                    // Another build was faster, or somebody empties the cache: both are allowed at any time.
                    continue;
                }
            }
        }
    }
}
