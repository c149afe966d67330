package dev.nbroot.stage;

import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import dev.nbroot.system.AtomicFile;
import dev.nbroot.system.Sha256;
import dev.nbroot.system.StateLock;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * Brings a boot tree into the planned state. Every file appears whole, by rename(2): a machine in the middle of a
 * download keeps the file it opened.
 */
public final class TreeWriter {
    private static final String FILE_MODE = "rw-r--r--";
    private static final String DIRECTORY_MODE = "rwxr-xr-x";
    private static final Path LOCK = Path.of("nbroot", ".lock");
    private static final String TEMPORARY = ".nbroot-*.tmp";
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Path tree;
    private final Path state;
    private final Clock clock;

    /**
     * Writes one tree.
     *
     * @param tree its last part is made when absent
     * @param state the state directory it is made from
     */
    public TreeWriter(Path tree, Path state, Clock clock) {
        this.tree = tree;
        this.state = state;
        this.clock = clock;
    }

    /**
     * Looks what would be done, and touches nothing.
     *
     * @throws Failure of kind {@code USAGE} when the tree or a file in the way is not ours
     */
    public TreeChanges check(StagePlan plan) {
        return changes(inspect(plan));
    }

    /**
     * Does something while no other nbroot writes the tree; waits for one that does. Makes the directory.
     *
     * @throws Failure of kind {@code LOCKED} when it takes too long
     */
    public <T> T exclusively(Supplier<T> work) {
        makeDirectory(tree);
        makeDirectory(tree.resolve("nbroot"));
        StateLock lock = StateLock.await(tree.resolve(LOCK), "the boot tree " + tree, PATIENCE);
        try {
            return work.get();
        } finally {
            lock.close();
        }
    }

    /**
     * Writes; to be called {@link #exclusively}. Refuses like {@link #check} before it changes anything.
     *
     * @throws Failure also of kind {@code FAILED} at an I/O error; then every file is whole, old or new, and staging
     *     again goes on from there
     */
    public TreeChanges write(StagePlan plan) {
        TreeInspection found = inspect(plan);
        Optional<Path> owner = Optional.of(state);
        requireSpace(found);
        List<StagedFile> now = new ArrayList<>(found.kept());
        now.addAll(found.waiting());
        if (!found.isDone()) {
            dropLeftovers(plan);
            List<StagedFile> both = new ArrayList<>(StagedRecord.read(tree).files());
            found.writes().forEach(file -> both.add(StagedFile.intended(file)));
            new StagedRecord(owner, both).write(tree);
            for (TreeFile file : found.writes()) {
                now.add(put(file));
            }
            found.removals().forEach(file -> remove(file.path()));
        }
        StagedRecord record = new StagedRecord(owner, now);
        if (!record.equals(StagedRecord.read(tree))) {
            record.write(tree);
        }
        return changes(found);
    }

    private TreeInspection inspect(StagePlan plan) {
        if (Files.exists(tree) && !Files.isDirectory(tree)) {
            throw Failure.of(
                    FailureKind.USAGE, tree + " is not a directory", "give --tftp a directory, or one to be made");
        }
        StagedRecord record = StagedRecord.read(tree);
        record.requireOwner(tree, state);
        return TreeInspection.of(tree, plan, record, clock.instant().getEpochSecond());
    }

    private static TreeChanges changes(TreeInspection found) {
        return new TreeChanges(
                found.writes().stream().map(TreeFile::path).toList(),
                found.removals().stream().map(StagedFile::path).toList(),
                found.waiting().stream().map(StagedFile::path).toList(),
                found.abandoned());
    }

    private void requireSpace(TreeInspection found) {
        long needed = 0;
        try {
            for (TreeFile file : found.writes()) {
                needed += file instanceof TreeFile.Copy copy ? Files.size(copy.source()) : 0;
            }
            long free = Files.getFileStore(tree).getUsableSpace();
            if (needed > free) {
                throw Failure.of(
                        FailureKind.FAILED,
                        "the boot tree needs " + (needed >> 20) + " MiB more, and " + tree + " has " + (free >> 20)
                                + " MiB free",
                        "free some space, or stage into a directory on a larger file system");
            }
        } catch (IOException e) {
            throw Failure.io("measure what is to be staged into", tree, e);
        }
    }

    private StagedFile put(TreeFile file) {
        Path at = tree.resolve(file.path());
        makeDirectories(file.path().getParent());
        try {
            if (file instanceof TreeFile.Text text) {
                AtomicFile.write(at, text.text(), FILE_MODE);
            } else if (file instanceof TreeFile.Copy copy) {
                copy(copy, at);
            }
            return StagedFile.written(tree, file.path(), file.sha256());
        } catch (IOException e) {
            throw Failure.io("stage", at, e);
        }
    }

    private static void copy(TreeFile.Copy file, Path at) throws IOException {
        Path temporary = Files.createTempFile(at.getParent(), ".nbroot-", ".tmp");
        try {
            String copied;
            try (OutputStream out = Files.newOutputStream(temporary)) {
                copied = Sha256.copy(file.source(), out);
            }
            if (!copied.equals(file.sha256())) {
                throw Failure.of(
                        FailureKind.FAILED,
                        file.source() + " does not hold what was built: its SHA-256 is not the manifest's",
                        "build the root again: nbroot build PROFILE.yaml --fresh");
            }
            Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString(FILE_MODE));
            AtomicFile.sync(temporary);
            Files.move(temporary, at, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            AtomicFile.sync(at.getParent());
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    private void remove(Path path) {
        try {
            Files.deleteIfExists(tree.resolve(path));
            for (Path parent = path.getParent(); parent != null; parent = parent.getParent()) {
                Files.delete(tree.resolve(parent));
            }
        } catch (DirectoryNotEmptyException | NoSuchFileException e) {
            // Other files live there, or another removal has emptied it already.
        } catch (IOException e) {
            throw Failure.io("remove from the boot tree", tree.resolve(path), e);
        }
    }

    /** Half-written files of a stage that was killed. */
    private void dropLeftovers(StagePlan plan) {
        TreeSet<Path> directories = new TreeSet<>();
        plan.files().forEach(file -> directories.add(tree.resolve(file.path()).getParent()));
        for (Path directory : directories) {
            if (Files.isDirectory(directory)) {
                try (DirectoryStream<Path> leftovers = Files.newDirectoryStream(directory, TEMPORARY)) {
                    for (Path leftover : leftovers) {
                        Files.delete(leftover);
                    }
                } catch (IOException e) {
                    throw Failure.io("clear leftovers from", directory, e);
                }
            }
        }
    }

    private void makeDirectories(Path relative) {
        if (relative != null) {
            makeDirectories(relative.getParent());
            makeDirectory(tree.resolve(relative));
        }
    }

    private static void makeDirectory(Path directory) {
        if (Files.isDirectory(directory)) {
            return;
        }
        try {
            try {
                Files.createDirectory(directory);
            } catch (FileAlreadyExistsException e) {
                if (Files.isDirectory(directory)) {
                    return;
                }
                throw e;
            }
            // Explicitly, because the umask may be strict and a TFTP server reads as an unprivileged user.
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString(DIRECTORY_MODE));
        } catch (NoSuchFileException e) {
            throw Failure.of(
                    FailureKind.USAGE,
                    "cannot make the boot tree " + directory + ": " + directory.getParent() + " does not exist",
                    "make the parent directory first, or check --tftp");
        } catch (IOException e) {
            throw Failure.io("make the directory", directory, e);
        }
    }
}
