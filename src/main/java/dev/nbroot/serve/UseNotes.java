package dev.nbroot.serve;

import dev.nbroot.report.Event;
import dev.nbroot.report.Events;
import dev.nbroot.report.Failure;
import dev.nbroot.state.Generation;
import dev.nbroot.state.StateDirectory;
import dev.nbroot.state.Uses;
import dev.nbroot.system.AtomicFile;
import dev.nbroot.system.MacAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Notes in the state directory which machine uses which generation, so that it is known after any end of this process;
 * dev.nbroot.state.Uses has the format. A use is noted before it is answered, and again when a minute has passed.
 *
 * <p>Time in which no server ran must not make a use older: a machine cannot ask a server that is away. So the time is
 * noted at which this one was running last, and after a gap all uses are moved by its length.
 */
public final class UseNotes implements UseLog {
    private static final Duration AGAIN = Duration.ofMinutes(1);
    private static final Duration BEAT = Duration.ofSeconds(30);
    /** Longer than a beat can be late on a busy host. */
    private static final Duration GAP = Duration.ofMinutes(2);

    private static final int MOST_REMEMBERED = 16_384;
    private static final Set<PosixFilePermission> DIRECTORY = PosixFilePermissions.fromString("rwxr-xr-x");
    private static final Set<PosixFilePermission> FILE = PosixFilePermissions.fromString("rw-r--r--");
    private static final OpenOption[] WRITING = {
        StandardOpenOption.CREATE,
        StandardOpenOption.TRUNCATE_EXISTING,
        StandardOpenOption.WRITE,
        LinkOption.NOFOLLOW_LINKS
    };
    private static final FileTime NEVER = FileTime.from(Instant.EPOCH);

    private final StateDirectory state;
    private final Events events;
    private final Clock clock;
    private final LongSupplier nanoClock;
    private final Map<Key, Long> noted = new ConcurrentHashMap<>();
    private final Map<Key, Supplier<Optional<MacAddress>>> failed = new ConcurrentHashMap<>();
    private final NoteRoom room;
    private final Queue<Path> unsynced = new ConcurrentLinkedQueue<>();
    private Optional<FileTime> missedBefore = Optional.empty();

    private record Key(InetAddress who, Generation generation) {}

    /**
     * Notes uses in one state directory.
     *
     * @param nanoClock as System#nanoTime
     */
    public UseNotes(StateDirectory state, Events events, Clock clock, LongSupplier nanoClock) {
        this.state = state;
        this.events = events;
        this.clock = clock;
        this.nanoClock = nanoClock;
        this.room = new NoteRoom(new Uses(state), nanoClock);
    }

    @Override
    public boolean note(InetAddress who, Supplier<Optional<MacAddress>> card, Generation generation) {
        Key key = new Key(who, generation);
        Long last = noted.get(key);
        long now = nanoClock.getAsLong();
        if (last != null && now - last < AGAIN.toNanos()) {
            return true;
        }
        Optional<IOException> problem = write(key, card(card));
        // After the note: what drops generations moves one away first and then reads the notes.
        if (!Files.isDirectory(generation.directory())) {
            forget(key);
            return false;
        }
        if (problem.isPresent()) {
            fail(key, card, problem.get());
        } else {
            failed.remove(key);
            remember(key, now);
        }
        return true;
    }

    private void remember(Key key, long now) {
        if (noted.size() >= MOST_REMEMBERED) {
            noted.clear();
        }
        noted.put(key, now);
    }

    private synchronized void forget(Key key) {
        room.forget(key.generation());
        noted.remove(key);
        failed.remove(key);
        try {
            Files.deleteIfExists(file(key));
        } catch (IOException e) {
            warn("cannot delete the note of what " + key.who().getHostAddress() + " uses: " + Failure.reason(e));
        }
    }

    private Path file(Key key) {
        return state.uses(key.generation()).resolve(key.who().getHostAddress());
    }

    private synchronized Optional<IOException> write(Key key, Optional<MacAddress> card) {
        Path file = file(key);
        try {
            boolean fresh = !Files.exists(file);
            if (fresh && !room.isThere(key.generation())) {
                return Optional.empty();
            }
            directory(file.getParent());
            String text = card.map(mac -> mac + "\n").orElse("");
            Files.write(file, text.getBytes(StandardCharsets.US_ASCII), WRITING);
            Files.setPosixFilePermissions(file, FILE);
            Files.setLastModifiedTime(file, FileTime.from(clock.instant()));
            if (fresh) {
                room.taken(key.generation());
                unsynced.add(file);
            }
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(e);
        } catch (Failure e) {
            return Optional.of(new IOException(e.getMessage(), e));
        }
    }

    /** The threads that serve clients have no umask, and nobody but root may say who uses what. */
    private void directory(Path wanted) throws IOException {
        if (!Files.isDirectory(wanted, LinkOption.NOFOLLOW_LINKS)) {
            if (wanted.startsWith(state.uses()) && !wanted.equals(state.uses())) {
                directory(wanted.getParent());
            }
            try {
                Files.createDirectory(wanted, PosixFilePermissions.asFileAttribute(DIRECTORY));
                Files.setPosixFilePermissions(wanted, DIRECTORY);
            } catch (FileAlreadyExistsException e) {
                // By another thread.
                return;
            }
        }
    }

    /** Without the card, the address says who it was. */
    private static Optional<MacAddress> card(Supplier<Optional<MacAddress>> card) {
        try {
            return card.get();
        } catch (Failure failure) {
            return Optional.empty();
        }
    }

    private synchronized void fail(Key key, Supplier<Optional<MacAddress>> card, IOException problem) {
        if (failed.isEmpty()) {
            warn("cannot note that " + key.who().getHostAddress() + " uses "
                    + key.generation().label() + ": " + Failure.reason(problem)
                    + "; until that is mended, nbroot gc drops no generation");
        }
        FileTime now = FileTime.from(clock.instant());
        try {
            if (missedBefore.isEmpty()) {
                missedBefore = Optional.of(Files.getLastModifiedTime(state.missed()));
            }
            // Said at once, and in a way that needs no space on disk.
            Files.setLastModifiedTime(state.missed(), now);
        } catch (IOException e) {
            warn("cannot even note that: " + Failure.reason(e));
        }
        if (failed.size() < MOST_REMEMBERED) {
            failed.put(key, card);
        } else {
            // Not tried again: so it stays missed.
            missedBefore = Optional.of(now);
        }
    }

    /** Once all that could not be noted is noted, what counts is what was missed before, by a server that was killed. */
    private synchronized void mended() throws IOException {
        if (failed.isEmpty() && missedBefore.isPresent()) {
            Files.setLastModifiedTime(state.missed(), missedBefore.get());
            missedBefore = Optional.empty();
        }
    }

    @Override
    public void tick() {
        try {
            syncNew();
            retry();
            mended();
            beat();
        } catch (IOException e) {
            warn("cannot note what machines use: " + Failure.reason(e));
        } catch (UncheckedIOException e) {
            warn("cannot note what machines use: " + Failure.reason(e.getCause()));
        }
    }

    private void syncNew() throws IOException {
        for (Path file = unsynced.poll(); file != null; file = unsynced.poll()) {
            try {
                for (Path path = file; path.startsWith(state.uses()); path = path.getParent()) {
                    AtomicFile.sync(path);
                }
            } catch (NoSuchFileException e) {
                // Its generation was dropped.
                continue;
            }
        }
    }

    private void retry() {
        failed.forEach((key, card) -> note(key.who(), card, key.generation()));
    }

    private void beat() throws IOException {
        Instant now = clock.instant();
        Optional<Instant> last = lastBeat();
        Duration since = last.map(then -> Duration.between(then, now)).orElse(GAP);
        if (!since.isNegative() && since.compareTo(BEAT) < 0) {
            return;
        }
        if (since.isNegative() || since.compareTo(GAP) >= 0) {
            for (Path use : all()) {
                move(use, last, now);
            }
        }
        if (!Files.exists(state.alive())) {
            directory(state.uses());
            Files.write(state.missed(), new byte[0]);
            Files.setLastModifiedTime(state.missed(), NEVER);
            Files.write(state.alive(), new byte[0]);
        }
        Files.setLastModifiedTime(state.alive(), FileTime.from(now));
    }

    /** {@return when a server was running last, if that is known} */
    private Optional<Instant> lastBeat() throws IOException {
        try {
            return Optional.of(Files.getLastModifiedTime(state.alive()).toInstant());
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /** By the length of the gap; where that is not known, to now. A step of the clock is a gap too. */
    private static void move(Path use, Optional<Instant> last, Instant now) throws IOException {
        try {
            Instant seen = Files.getLastModifiedTime(use).toInstant();
            Instant moved =
                    last.map(then -> seen.plus(Duration.between(then, now))).orElse(now);
            // What was noted before the first beat is not to be moved into the future.
            Files.setLastModifiedTime(use, FileTime.from(moved.isAfter(now) ? now : moved));
        } catch (NoSuchFileException e) {
            // Its generation was dropped meanwhile.
            return;
        }
    }

    private List<Path> all() throws IOException {
        List<Path> found = new ArrayList<>();
        if (Files.isDirectory(state.uses())) {
            try (Stream<Path> files = Files.walk(state.uses(), 3)) {
                files.filter(file -> state.uses().relativize(file).getNameCount() == 3)
                        .filter(Files::isRegularFile)
                        .forEach(found::add);
            }
            if (Files.exists(state.missed())
                    && !Files.getLastModifiedTime(state.missed()).equals(NEVER)) {
                found.add(state.missed());
            }
        }
        return found;
    }

    private void warn(String text) {
        events.on(new Event.Notice(Event.Level.WARNING, text));
    }
}
