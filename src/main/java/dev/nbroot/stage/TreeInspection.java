package dev.nbroot.stage;

import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import dev.nbroot.system.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What lies between a tree and a plan. Looks only; refuses to touch what others made.
 *
 * @param writes files to put, in order
 * @param kept what we wrote before and is as it shall be
 * @param removals our files that no menu names and that nobody can still be asking for
 * @param waiting our kernels and initrds that no menu names any more, but that a machine which read an older menu may
 *     be about to load
 * @param abandoned our files that somebody changed and that are not wanted any more: theirs now
 */
record TreeInspection(
        List<TreeFile> writes,
        List<StagedFile> kept,
        List<StagedFile> removals,
        List<StagedFile> waiting,
        List<Path> abandoned) {

    /** A machine loads kernel and initrd one after the other; over a slow line that takes minutes. */
    static final Duration GRACE = Duration.ofMinutes(15);

    private static final String FILE_MODE = "rw-r--r--";
    private static final Path OWN_DIRECTORY = Path.of("nbroot");

    /**
     * Compares.
     *
     * @param tree need not exist
     * @param now seconds since 1970
     * @throws Failure of kind {@code USAGE} when a file in the way is not ours or was changed by hand
     */
    static TreeInspection of(Path tree, StagePlan plan, StagedRecord record, long now) {
        TreeInspection found = new TreeInspection(
                new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        List<String> inTheWay = new ArrayList<>();
        for (TreeFile file : plan.files()) {
            found.compare(tree, file, record).ifPresent(inTheWay::add);
        }
        if (!inTheWay.isEmpty()) {
            throw Failure.of(
                            FailureKind.USAGE,
                            inTheWay.get(0),
                            "keep it under another name (mv FILE FILE.mine), then stage again; nothing was changed")
                    .withDetails(inTheWay.subList(1, inTheWay.size()));
        }
        Map<Path, TreeFile> wanted = plan.byPath();
        record.files().stream()
                .map(StagedFile::path)
                .distinct()
                .filter(path -> !wanted.containsKey(path))
                .forEach(path -> found.unwanted(tree, path, record, now));
        return found;
    }

    /** {@return whether there is nothing to do} */
    boolean isDone() {
        return writes.isEmpty() && removals.isEmpty() && abandoned.isEmpty();
    }

    private Optional<String> compare(Path tree, TreeFile file, StagedRecord record) {
        for (Path parent = file.path().getParent(); parent != null; parent = parent.getParent()) {
            Path directory = tree.resolve(parent);
            if (exists(directory) && !Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
                return Optional.of(directory + " is in the way: it is not a directory, or a symbolic link");
            }
        }
        Path at = tree.resolve(file.path());
        if (!exists(at)) {
            writes.add(file);
            return Optional.empty();
        }
        if (!Files.isRegularFile(at, LinkOption.NOFOLLOW_LINKS)) {
            return Optional.of(at + " is in the way: it is not a regular file");
        }
        if (!Files.isReadable(at)) {
            return Optional.of(at + " is in the way: it cannot be read");
        }
        Optional<StagedFile> ours = record.intact(tree, file.path());
        if (ours.isPresent()) {
            if (ours.get().sha256().equals(file.sha256()) && hasMode(at)) {
                kept.add(ours.get().named());
            } else {
                writes.add(file);
            }
            return Optional.empty();
        }
        if (Sha256.of(at).equals(file.sha256())) {
            // Somebody put the very same file there: it serves, and stays theirs.
            return Optional.empty();
        }
        return Optional.of(
                record.of(file.path()).isEmpty()
                        ? at + " exists, and nbroot did not write it"
                        : at + " was changed by hand after nbroot wrote it");
    }

    private void unwanted(Path tree, Path path, StagedRecord record, long now) {
        if (!Files.isRegularFile(tree.resolve(path), LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        Optional<StagedFile> ours = record.intact(tree, path);
        if (ours.isEmpty()) {
            abandoned.add(path);
        } else if (!path.startsWith(OWN_DIRECTORY)) {
            removals.add(ours.get());
        } else if (ours.get().unnamedSince() == 0) {
            waiting.add(ours.get().unnamed(now));
        } else if (now - ours.get().unnamedSince() < GRACE.toSeconds()) {
            waiting.add(ours.get());
        } else {
            removals.add(ours.get());
        }
    }

    private static boolean exists(Path path) {
        return Files.exists(path, LinkOption.NOFOLLOW_LINKS);
    }

    private static boolean hasMode(Path file) {
        try {
            return PosixFilePermissions.toString(Files.getPosixFilePermissions(file))
                    .equals(FILE_MODE);
        } catch (IOException e) {
            throw Failure.io("look at", file, e);
        }
    }
}
