package dev.nbroot.stage;

import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import dev.nbroot.state.Generation;
import dev.nbroot.state.StateDirectory;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Which generations a boot tree can make machines boot: those that its menus name, and those that they named lately. */
public final class NamedGenerations {
    /** A machine that has read an older menu loads kernel and initrd, starts, and only then asks for its root. */
    public static final Duration BOOTING = Duration.ofHours(1);

    private static final Path OWN_DIRECTORY = Path.of("nbroot");
    private static final String NUMBER = "[1-9][0-9]{0,8}";

    private NamedGenerations() {}

    /**
     * Looks at a tree. What is not known to be unnamed for long counts, also a kernel that somebody else has put there.
     *
     * @throws Failure of kind {@code FAILED} when there is no boot tree at that path: it may be on a disk that is not
     *     mounted; {@code INVALID_INPUT} when what it holds cannot be understood
     */
    public static Set<Generation> of(Path tree, StateDirectory state, Instant now) {
        if (!Files.isDirectory(tree.resolve(OWN_DIRECTORY))) {
            throw Failure.of(
                    FailureKind.FAILED,
                    "the boot tree " + tree + " is not there, so nobody knows which generations it names",
                    "mount its file system; or, if it is gone for good, take its line out of " + state.bootTrees());
        }
        StagedRecord record = StagedRecord.read(tree);
        if (record.state().filter(owner -> !owner.equals(state.path())).isPresent()) {
            return Set.of();
        }
        Set<Generation> named = new LinkedHashSet<>();
        for (Path root : directories(tree.resolve(OWN_DIRECTORY))) {
            for (Path number : directories(root)) {
                if (number.getFileName().toString().matches(NUMBER) && isNamed(tree, number, record, now)) {
                    named.add(state.generation(
                            root.getFileName().toString(),
                            Integer.parseInt(number.getFileName().toString())));
                }
            }
        }
        // What a stage at work is about to put there.
        record.files().stream()
                .filter(file -> file.unnamedSince() == 0)
                .map(StagedFile::path)
                .filter(path -> path.startsWith(OWN_DIRECTORY) && path.getNameCount() == 4)
                .filter(path -> path.getName(2).toString().matches(NUMBER))
                .map(path -> state.generation(
                        path.getName(1).toString(),
                        Integer.parseInt(path.getName(2).toString())))
                .forEach(named::add);
        return named;
    }

    private static boolean isNamed(Path tree, Path directory, StagedRecord record, Instant now) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            for (Path file : files) {
                List<StagedFile> known = record.of(tree.relativize(file));
                if (known.isEmpty() || known.stream().anyMatch(one -> isNamed(one, now))) {
                    return true;
                }
            }
            return false;
        } catch (IOException e) {
            throw Failure.io("list", directory, e);
        }
    }

    private static boolean isNamed(StagedFile file, Instant now) {
        return file.unnamedSince() == 0
                || Instant.ofEpochSecond(file.unnamedSince()).plus(BOOTING).isAfter(now);
    }

    private static List<Path> directories(Path directory) {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            for (Path entry : entries) {
                if (Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
                    found.add(entry);
                }
            }
        } catch (IOException e) {
            throw Failure.io("list", directory, e);
        }
        return found;
    }
}
