package dev.nbroot.state;

import dev.nbroot.report.Failure;
import dev.nbroot.system.AtomicFile;
import dev.nbroot.system.TreeRemoval;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

/**
 * How a generation goes: by one rename(2) it is no generation any more, and what was left of it is deleted in peace. The
 * caller holds the root's lock.
 */
public final class GenerationRemoval {
    private static final String ASIDE = ".gone-";

    private final StateDirectory state;

    /** Removes generations of one state directory. */
    public GenerationRemoval(StateDirectory state) {
        this.state = state;
    }

    /**
     * Takes a generation away; nobody finds it any more.
     *
     * @return what was it, for {@link #restore} or {@link #delete}
     */
    public Path moveAside(Generation generation) {
        Path aside = generation.directory().resolveSibling(ASIDE + generation.number());
        move(generation.directory(), aside);
        return aside;
    }

    /** Puts a generation back that was moved aside. */
    public void restore(Path aside, Generation generation) {
        move(aside, generation.directory());
    }

    /**
     * Deletes what was moved aside, and the notes of its uses.
     *
     * @throws Failure of kind {@code FAILED} when something is mounted there
     */
    public void delete(Path aside, Generation generation) {
        TreeRemoval.remove(aside);
        TreeRemoval.remove(state.uses(generation));
    }

    /** {@return what a killed removal has left of a root's generations} */
    public List<Path> leftovers(String root) {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(state.root(root), ASIDE + "*")) {
            entries.forEach(found::add);
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (IOException e) {
            throw Failure.io("list", state.root(root), e);
        }
        return found;
    }

    /** Deletes the notes of uses of a root's generations that are gone. */
    public void forgetUses(String root) {
        Path notes = state.uses().resolve(root);
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(notes)) {
            for (Path entry : entries) {
                if (Files.notExists(state.root(root).resolve(entry.getFileName()))) {
                    TreeRemoval.remove(entry);
                }
            }
        } catch (NoSuchFileException e) {
            // Nothing was ever noted.
            return;
        } catch (IOException e) {
            throw Failure.io("list", notes, e);
        }
    }

    private static void move(Path from, Path to) {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
            AtomicFile.sync(to.getParent());
        } catch (IOException e) {
            throw Failure.io("move away", from, e);
        }
    }
}
