package dev.nbroot.serve;

import dev.nbroot.state.Generation;
import dev.nbroot.state.Uses;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * How many notes of uses there are, because addresses can be forged and each note is a file. Those that do not count any
 * more make room for new ones. Confined to one thread at a time.
 */
final class NoteRoom {
    /** Where so many count, nobody will drop the generation: who is not noted loses nothing. */
    private static final int MOST_OF_ONE_GENERATION = 1024;

    private static final Duration LOOK_AGAIN = Duration.ofMinutes(1);

    private static final class Count {
        private int notes;
        private long lookedAt;
    }

    private final Uses uses;
    private final LongSupplier nanoClock;
    private final Map<Generation, Count> counts = new HashMap<>();

    /** @param nanoClock as System#nanoTime */
    NoteRoom(Uses uses, LongSupplier nanoClock) {
        this.uses = uses;
        this.nanoClock = nanoClock;
    }

    /** {@return whether one more may be made} Deletes those that do not count any more if it must. */
    boolean isThere(Generation generation) throws IOException {
        long now = nanoClock.getAsLong();
        Count count = counts.get(generation);
        if (count == null || isFull(count) && now - count.lookedAt >= LOOK_AGAIN.toNanos()) {
            count = look(generation, now);
            counts.put(generation, count);
        }
        return !isFull(count);
    }

    private static boolean isFull(Count count) {
        return count.notes >= MOST_OF_ONE_GENERATION;
    }

    private Count look(Generation generation, long now) throws IOException {
        Count count = new Count();
        count.lookedAt = now;
        for (Path note : uses.notes(generation)) {
            if (uses.counts(note)) {
                count.notes++;
            } else {
                Files.deleteIfExists(note);
            }
        }
        return count;
    }

    /** Says that a note was made. */
    void taken(Generation generation) {
        counts.get(generation).notes++;
    }

    /** Says that a generation was dropped, with its notes. */
    void forget(Generation generation) {
        counts.remove(generation);
    }
}
