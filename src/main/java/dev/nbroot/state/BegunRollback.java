package dev.nbroot.state;

import dev.nbroot.report.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The note that a rollback to the generation before has begun: {@code roots/NAME/.rollback -> GEN}, from where it goes back.
 * It is there until a boot tree has what the rollback makes current. So the same command again, behind one that was killed
 * or could not stage, knows that it is to go back no further. A symbolic link, as {@code current} is: it takes no space that
 * a full disk has not.
 */
public final class BegunRollback {
    private final Path link;

    /** The note of one root; its lock is held by who rolls back. */
    public BegunRollback(StateDirectory state, String root) {
        this.link = state.root(root).resolve(".rollback");
    }

    /** {@return the number of the generation from which one began to go back, and was not seen to end} */
    public Optional<Integer> from() {
        if (!Files.isSymbolicLink(link)) {
            return Optional.empty();
        }
        try {
            String target = Files.readSymbolicLink(link).toString();
            return target.matches("[1-9][0-9]{0,8}") ? Optional.of(Integer.valueOf(target)) : Optional.empty();
        } catch (IOException e) {
            throw Failure.io("read the note of a rollback", link, e);
        }
    }

    /** Notes that one begins. */
    public void begin(Generation from) {
        try {
            Files.deleteIfExists(link);
            Files.createSymbolicLink(link, Path.of(Integer.toString(from.number())));
        } catch (IOException e) {
            throw Failure.io("note the rollback", link, e);
        }
    }

    /** It has come to its end, or another command has done what was left. */
    public void forget() {
        try {
            Files.deleteIfExists(link);
        } catch (IOException e) {
            throw Failure.io("remove the note of a rollback", link, e);
        }
    }
}
