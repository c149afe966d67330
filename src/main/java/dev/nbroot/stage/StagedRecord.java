package dev.nbroot.stage;

import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import dev.nbroot.system.AtomicFile;
import dev.nbroot.system.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What nbroot wrote into a boot tree, kept in the tree itself as {@code nbroot/staged}: so a tree can be moved, and a
 * state directory that one may only read suffices to stage. One line per file:
 *
 * <pre>SHA256 SIZE MTIME-NANOSECONDS UNNAMED-SINCE PATH</pre>
 *
 * <p>While a stage is at work a path may stand there twice, with what it held before and with what it will hold, so that
 * after a crash both are known as ours.
 *
 * @param state the state directory that the tree was made from; absent in a new tree
 * @param byPath the files, in the order in which they were written; of many clients there are many
 */
record StagedRecord(Optional<Path> state, Map<Path, List<StagedFile>> byPath) {
    static final Path NAME = Path.of("nbroot", "staged");
    private static final String STATE = "# state ";
    private static final String HEADER = "# Managed by nbroot: what \"nbroot stage\" wrote into this tree.\n";
    private static final int FIELDS = 5;

    StagedRecord(Optional<Path> state, List<StagedFile> files) {
        this(state, grouped(files));
    }

    private static Map<Path, List<StagedFile>> grouped(List<StagedFile> files) {
        Map<Path, List<StagedFile>> byPath = new LinkedHashMap<>();
        files.forEach(file ->
                byPath.computeIfAbsent(file.path(), path -> new ArrayList<>()).add(file));
        return byPath;
    }

    List<StagedFile> files() {
        return byPath.values().stream().flatMap(List::stream).toList();
    }

    static StagedRecord read(Path tree) {
        Path file = tree.resolve(NAME);
        if (!Files.exists(file)) {
            return new StagedRecord(Optional.empty(), List.of());
        }
        Optional<Path> state = Optional.empty();
        List<StagedFile> files = new ArrayList<>();
        try {
            for (String line : Files.readAllLines(file)) {
                if (line.startsWith(STATE)) {
                    state = Optional.of(Path.of(line.substring(STATE.length())));
                } else if (!line.startsWith("#")) {
                    files.add(parse(line));
                }
            }
            return new StagedRecord(state, files);
        } catch (IOException e) {
            throw Failure.io("read what was staged before", file, e);
        } catch (IllegalArgumentException e) {
            throw Failure.of(
                    FailureKind.INVALID_INPUT,
                    file + " cannot be understood: " + e.getMessage(),
                    "move the boot tree away and stage into a new one");
        }
    }

    private static StagedFile parse(String line) {
        String[] fields = line.split(" ", FIELDS);
        if (fields.length != FIELDS) {
            throw new IllegalArgumentException("'" + line + "'");
        }
        Path path = Path.of(fields[4]);
        if (path.isAbsolute() || !path.normalize().equals(path) || path.startsWith("..")) {
            throw new IllegalArgumentException("a path that leads out of the tree: '" + path + "'");
        }
        return new StagedFile(
                path, fields[0], Long.parseLong(fields[1]), Long.parseLong(fields[2]), Long.parseLong(fields[3]));
    }

    void write(Path tree) {
        String lines = files().stream()
                .map(file -> file.sha256() + " " + file.size() + " " + file.modified() + " " + file.unnamedSince() + " "
                        + file.path() + "\n")
                .collect(Collectors.joining());
        String from = state.map(path -> STATE + path + "\n").orElse("");
        AtomicFile.write(tree.resolve(NAME), HEADER + from + lines, "rw-r--r--");
    }

    List<StagedFile> of(Path path) {
        return byPath.getOrDefault(path, List.of());
    }

    /** {@return the recorded state of a file as it lies in the tree, if what it holds is something we wrote} */
    Optional<StagedFile> intact(Path tree, Path path) {
        List<StagedFile> known = of(path);
        if (known.isEmpty()) {
            return Optional.empty();
        }
        try {
            for (StagedFile file : known) {
                if (file.looksUntouched(tree)) {
                    return Optional.of(file);
                }
            }
            String now = Sha256.of(tree.resolve(path));
            Optional<StagedFile> same =
                    known.stream().filter(file -> file.sha256().equals(now)).findFirst();
            if (same.isEmpty()) {
                return same;
            }
            return Optional.of(
                    StagedFile.written(tree, path, now).unnamed(same.get().unnamedSince()));
        } catch (IOException e) {
            throw Failure.io("look at", tree.resolve(path), e);
        }
    }

    /** Refuses a tree that another state directory stages into: each would remove the other's files. */
    void requireOwner(Path tree, Path owner) {
        if (state.isPresent() && !Objects.equals(state.get(), owner)) {
            throw Failure.of(
                    FailureKind.USAGE,
                    tree + " is the boot tree of another state directory, " + state.get(),
                    "stage into another directory, or move this one away first");
        }
    }
}
