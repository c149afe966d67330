package dev.nbroot.state;

import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import dev.nbroot.system.StateLock;
import dev.nbroot.system.TreeRemoval;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A directory of the cache that a command needs while it works. Its owner holds a lock that the kernel takes away with the
 * process: so what a killed command has left is told from what is in use, and the next such command, or gc, deletes it.
 *
 * <p>The lock is held before the directory is there, and until it is gone. Who clears looks at directories that are there,
 * and so never takes a lock that somebody is about to take.
 */
public final class TemporaryDirectory implements AutoCloseable {
    private static final Pattern NAME = Pattern.compile("temporary-[a-z]+-([0-9]+)-[0-9]+");
    private static final String LOCK = ".lock-";
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Path path;
    private final Path lockFile;
    private final StateLock lock;

    private TemporaryDirectory(Path path, Path lockFile, StateLock lock) {
        this.path = path;
        this.lockFile = lockFile;
        this.lock = lock;
    }

    /**
     * Makes one, for root alone, and clears what killed commands have left.
     *
     * @param what whose it is, a word of small letters
     * @throws Failure of kind {@code FAILED} at an I/O error
     */
    public static TemporaryDirectory make(StateDirectory state, String what) {
        clear(state);
        String name = "temporary-" + what + "-" + ProcessHandle.current().pid() + "-" + System.nanoTime();
        Path path = state.cache().resolve(name);
        Path lockFile = lockOf(path);
        StateLock lock = StateLock.await(lockFile, path.toString(), PATIENCE);
        TemporaryDirectory made = new TemporaryDirectory(path, lockFile, lock);
        try {
            Files.createDirectory(
                    path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            return made;
        } catch (IOException e) {
            made.close();
            throw Failure.io("make the directory", path, e);
        }
    }

    /** {@return where it is} */
    public Path path() {
        return path;
    }

    /**
     * Deletes what killed commands have left in the cache.
     *
     * @throws Failure of kind {@code FAILED} at an I/O error
     */
    public static void clear(StateDirectory state) {
        for (Path directory : all(state.cache())) {
            try {
                Path lockFile = lockOf(directory);
                new TemporaryDirectory(directory, lockFile, StateLock.take(lockFile, directory.toString())).close();
            } catch (Failure failure) {
                if (failure.kind() != FailureKind.LOCKED) {
                    throw failure;
                }
            }
        }
    }

    /** {@return the directories of other processes: to open the lock of an own one a second time would release it} */
    private static List<Path> all(Path cache) {
        long self = ProcessHandle.current().pid();
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(cache, "temporary-*")) {
            for (Path entry : entries) {
                Matcher name = NAME.matcher(entry.getFileName().toString());
                if (name.matches() && Long.parseLong(name.group(1)) != self) {
                    found.add(entry);
                }
            }
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (IOException e) {
            throw Failure.io("list", cache, e);
        }
        return found;
    }

    private static Path lockOf(Path directory) {
        return directory.resolveSibling(LOCK + directory.getFileName());
    }

    /** @throws Failure of kind {@code FAILED} when something in it cannot be deleted */
    @Override
    public void close() {
        try {
            TreeRemoval.remove(path);
            Files.deleteIfExists(lockFile);
        } catch (IOException e) {
            throw Failure.io("delete", lockFile, e);
        } finally {
            lock.close();
        }
    }
}
