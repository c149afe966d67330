package dev.nbroot.state;

import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import dev.nbroot.system.AtomicFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The generations on disk: what exists, which is current, and how a new one appears. */
public final class Generations {
    private final StateDirectory state;

    /** Looks at, and adds to, the generations of one state directory. */
    public Generations(StateDirectory state) {
        this.state = state;
    }

    /** {@return the names of all roots that have a current generation, sorted} */
    public List<String> roots() {
        return directoryNames(state.roots()).stream()
                .filter(name -> current(name).isPresent())
                .sorted()
                .toList();
    }

    /** {@return the generation that a machine booting now gets} */
    public Optional<Generation> current(String root) {
        Path link = currentLink(root);
        if (!Files.isSymbolicLink(link)) {
            return Optional.empty();
        }
        try {
            int number = Integer.parseInt(Files.readSymbolicLink(link).toString());
            return Optional.of(state.generation(root, number));
        } catch (IOException e) {
            throw Failure.io("read the link to the current generation", link, e);
        } catch (NumberFormatException e) {
            throw Failure.of(
                    FailureKind.FAILED,
                    link + " does not point to a generation's number",
                    "let it point to one of the numbers beside it: ln -sfn NUMBER " + link);
        }
    }

    /**
     * {@return the current generation of a root that must exist}
     *
     * @throws Failure of kind {@code USAGE} when there is none, naming the roots that exist
     */
    public Generation require(String root) {
        return current(root).orElseThrow(() -> {
            List<String> known = roots();
            return Failure.of(
                    FailureKind.USAGE,
                    "there is no root named '" + root + "' in " + state.path(),
                    known.isEmpty()
                            ? "build one first: nbroot build profiles/bookworm.yaml"
                            : "the roots are: " + String.join(", ", known));
        });
    }

    /**
     * {@return the generation that a client gets when it boots next} A persistent client stays with the one that its
     * view lies over, because an overlay must not get another lower layer; a stateless one takes what is current.
     *
     * @throws Failure of kind {@code USAGE} when a stateless client's root does not exist
     */
    public Generation bootedBy(ClientRecord client) {
        return client.mode().hasView() ? state.generation(client.root(), client.generation()) : require(client.root());
    }

    /** {@return all finished generations of all roots, also of those without a current one} */
    public List<Generation> everything() {
        return directoryNames(state.roots()).stream()
                .sorted()
                .flatMap(root -> all(root).stream())
                .toList();
    }

    /** {@return the names of all roots that have a directory, also those without a current generation, sorted} */
    public List<String> names() {
        return directoryNames(state.roots()).stream().sorted().toList();
    }

    /** {@return all finished generations of a root, oldest first} */
    public List<Generation> all(String root) {
        return directoryNames(state.root(root)).stream()
                .filter(name -> name.matches("[1-9][0-9]{0,8}"))
                .map(Integer::valueOf)
                .sorted()
                .map(number -> state.generation(root, number))
                .toList();
    }

    /** {@return the generation that the next build of a root will make} */
    public Generation next(String root) {
        List<Generation> existing = all(root);
        int newest = existing.isEmpty() ? 0 : existing.get(existing.size() - 1).number();
        return state.generation(root, newest + 1);
    }

    /**
     * Publishes a finished directory as a generation and makes it current. The caller holds the root's lock.
     *
     * @param finished a directory on the state's file system with root/, boot/ and manifest.json
     * @throws Failure of kind {@code FAILED} at an I/O error; then either nothing is published, or the generation
     *     exists whole but is not current
     */
    public void publish(Path finished, Generation generation) {
        try {
            Files.move(finished, generation.directory(), StandardCopyOption.ATOMIC_MOVE);
            AtomicFile.sync(generation.directory().getParent());
            makeCurrent(generation);
        } catch (IOException e) {
            throw Failure.io("publish the generation", generation.directory(), e);
        }
    }

    /** Points {@code current} to a generation, in one step (rename(2) over the old link). */
    public void makeCurrent(Generation generation) {
        Path link = currentLink(generation.root());
        Path temporary =
                link.resolveSibling(".current-" + ProcessHandle.current().pid());
        try {
            Files.deleteIfExists(temporary);
            Files.createSymbolicLink(temporary, Path.of(Integer.toString(generation.number())));
            Files.move(temporary, link, StandardCopyOption.ATOMIC_MOVE);
            AtomicFile.sync(link.getParent());
        } catch (IOException e) {
            throw Failure.io("point to the new generation", link, e);
        }
    }

    private Path currentLink(String root) {
        return state.root(root).resolve("current");
    }

    private static List<String> directoryNames(Path directory) {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.filter(entry -> Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS))
                    .map(entry -> entry.getFileName().toString())
                    .toList();
        } catch (IOException e) {
            throw Failure.io("list", directory, e);
        }
    }
}
