package dev.nbroot.state;

import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import dev.nbroot.system.MacAddress;
import dev.nbroot.system.StateLock;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Who uses which generation: what {@code serve} has noted, and what commands hold while they work.
 *
 * <pre>
 *   uses/NAME/GEN/ADDRESS     the machine's card, if known; its time of change is when it was seen last
 *   uses/NAME/GEN/held-...    locked by a command for as long as it runs, see HeldGeneration
 *   uses/.alive               its time of change is when a serve was running last
 *   uses/.missed              its time of change is when a use could not be noted last, or 1970
 * </pre>
 *
 * <p>A diskless machine that has nothing to ask may be silent for long, and waits without an end for a server that is
 * away. So a use counts for seven days in which a server was there to be asked; {@code serve} sees to it that other days
 * do not count, by renewing every use whenever it finds that it was away.
 */
public final class Uses {
    /** How long a machine may be silent, while it is served, before it no longer counts as using what it used. */
    public static final Duration COUNTS = Duration.ofDays(7);

    /** A machine that has called within this time is certainly on. */
    public static final Duration LIVE = Duration.ofMinutes(5);

    static final String HELD = "held-";
    private static final String CARD = "[0-9a-f]{2}(-[0-9a-f]{2}){5}";
    private static final String ADDRESS = "[0-9]{1,3}(\\.[0-9]{1,3}){3}";

    private final StateDirectory state;

    /** Reads the uses of one state directory's generations. */
    public Uses(StateDirectory state) {
        this.state = state;
    }

    /** {@return the machines that have used a generation and still count, those seen last first} */
    public List<Use> of(Generation generation) {
        Optional<Instant> alive = time(state.alive());
        return noted(generation).stream()
                .filter(use -> counts(use.seen(), alive))
                .sorted(Comparator.comparing(Use::seen).reversed().thenComparing(Use::address))
                .toList();
    }

    /** {@return what works on a generation just now, in words: empty when nothing does} */
    public List<String> holders(Generation generation) {
        List<String> holders = new ArrayList<>();
        for (Path file : files(state.uses(generation))) {
            if (file.getFileName().toString().startsWith(HELD) && isHeld(file)) {
                holders.add("another nbroot is working with it");
            }
        }
        return holders;
    }

    /** {@return whether a use that still counts could not be noted, so that nobody knows all of them} */
    public boolean incomplete() {
        Optional<Instant> alive = time(state.alive());
        return time(state.missed())
                .filter(missed -> !missed.equals(Instant.EPOCH))
                .filter(missed -> counts(missed, alive))
                .isPresent();
    }

    private static boolean counts(Instant seen, Optional<Instant> alive) {
        return alive.isEmpty() || seen.plus(COUNTS).isAfter(alive.get());
    }

    private static Optional<Instant> time(Path file) {
        try {
            return Optional.of(Files.getLastModifiedTime(file).toInstant());
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw Failure.io("look at", file, e);
        }
    }

    /** {@return the files that say which machines have used a generation, whether they still count or not} */
    public List<Path> notes(Generation generation) {
        return files(state.uses(generation)).stream()
                .filter(file -> file.getFileName().toString().matches(ADDRESS))
                .toList();
    }

    /** {@return whether one of {@link #notes} still counts, as far as is known before serve has renewed it} */
    public boolean counts(Path note) {
        return time(note).filter(seen -> counts(seen, time(state.alive()))).isPresent();
    }

    private List<Use> noted(Generation generation) {
        return notes(generation).stream()
                .map(Uses::read)
                .flatMap(Optional::stream)
                .toList();
    }

    private static Optional<Use> read(Path file) {
        try {
            String card = Files.readString(file).strip();
            return Optional.of(new Use(
                    file.getFileName().toString(),
                    Optional.of(card).filter(text -> text.matches(CARD)).map(MacAddress::new),
                    Files.getLastModifiedTime(file).toInstant()));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw Failure.io("read who uses a generation", file, e);
        }
    }

    private static boolean isHeld(Path file) {
        try {
            StateLock.take(file, "a generation").close();
            return false;
        } catch (Failure failure) {
            if (failure.kind() == FailureKind.LOCKED) {
                return true;
            }
            throw failure;
        }
    }

    private static List<Path> files(Path directory) {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            entries.forEach(found::add);
        } catch (NoSuchFileException | NotDirectoryException e) {
            return List.of();
        } catch (IOException e) {
            throw Failure.io("list who uses a generation, in", directory, e);
        }
        return found;
    }
}
