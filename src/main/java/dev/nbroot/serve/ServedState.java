package dev.nbroot.serve;

import dev.nbroot.report.Event;
import dev.nbroot.report.Events;
import dev.nbroot.report.Failure;
import dev.nbroot.state.ClientRecord;
import dev.nbroot.state.Generation;
import dev.nbroot.state.Generations;
import dev.nbroot.state.KeptDirectories;
import dev.nbroot.state.KeptDirectory;
import dev.nbroot.state.StateDirectory;
import dev.nbroot.state.StateFiles;
import dev.nbroot.system.MacAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/**
 * The generations and clients there are, looked at again every second, so that what is built and cloned meanwhile is
 * served without a restart. One damaged file takes nothing away from the other machines: it is told once and left out,
 * and where nothing can be read at all the last good answer stays.
 */
final class ServedState {
    private static final long FRESH_NANOS = Duration.ofSeconds(1).toNanos();

    /**
     * What there was at one moment.
     *
     * @param clients those whose files could be understood
     * @param kept what the stateless ones among them keep here
     */
    record Snapshot(List<Generation> generations, List<ClientRecord> clients, List<Kept> kept) {}

    /** A directory that the server keeps for a client. */
    record Kept(ClientRecord client, KeptDirectory directory) {}

    /** A client's file as it was read; it is read again only when it has changed. */
    private record Read(Object version, List<ClientRecord> client) {}

    private final StateFiles files;
    private final Generations generations;
    private final KeptDirectories keptDirectories;
    private final Rehearsed rehearsed;
    private final Events events;
    private final LongSupplier nanoClock;
    private Snapshot snapshot = new Snapshot(List.of(), List.of(), List.of());
    private Map<Path, Read> known = Map.of();
    private String trouble = "";
    private long lookedAt;

    ServedState(StateDirectory state, Events events, LongSupplier nanoClock) {
        this(state, Rehearsed.NOTHING, events, nanoClock);
    }

    ServedState(StateDirectory state, Rehearsed rehearsed, Events events, LongSupplier nanoClock) {
        this.rehearsed = rehearsed;
        this.files = new StateFiles(state);
        this.generations = new Generations(state);
        this.keptDirectories = new KeptDirectories(state);
        this.events = events;
        this.nanoClock = nanoClock;
        this.lookedAt = nanoClock.getAsLong() - 2 * FRESH_NANOS;
    }

    /** {@return what there is; the same object as long as nothing changed} */
    synchronized Snapshot now() {
        long now = nanoClock.getAsLong();
        if (now - lookedAt > FRESH_NANOS) {
            lookedAt = now;
            look();
        }
        return snapshot;
    }

    private void look() {
        try {
            List<ClientRecord> clients = clients();
            Snapshot fresh = new Snapshot(generations.everything(), clients, kept(clients));
            if (!fresh.equals(snapshot)) {
                snapshot = fresh;
            }
            trouble = "";
        } catch (Failure failure) {
            if (!trouble.equals(failure.getMessage())) {
                trouble = failure.getMessage();
                warn("what is served stays as it was: " + trouble);
            }
        }
    }

    private List<Kept> kept(List<ClientRecord> clients) {
        return clients.stream()
                .filter(client -> !client.mode().hasView())
                .flatMap(client -> kept(client.mac()).map(one -> new Kept(client, one)))
                .toList();
    }

    private Stream<KeptDirectory> kept(MacAddress mac) {
        return Stream.concat(
                        keptDirectories.all(mac).stream(),
                        rehearsed.kept().stream().filter(one -> one.mac().equals(mac)))
                .distinct();
    }

    private List<ClientRecord> clients() {
        Map<Path, Read> fresh = new LinkedHashMap<>();
        List<ClientRecord> clients = new ArrayList<>();
        for (Path file : files.clientFiles()) {
            Object version = version(file);
            Read before = known.get(file);
            Read read = before != null && before.version().equals(version) ? before : read(file, version);
            fresh.put(file, read);
            clients.addAll(read.client());
        }
        for (ClientRecord one : rehearsed.clients()) {
            clients.removeIf(there -> there.mac().equals(one.mac()));
            clients.add(one);
        }
        known = fresh;
        return List.copyOf(clients);
    }

    private Read read(Path file, Object version) {
        try {
            return new Read(version, List.of(files.client(file)));
        } catch (Failure failure) {
            warn("this client is not served: " + failure.getMessage());
            return new Read(version, List.of());
        }
    }

    /** Inode and time of change together: a file renamed into place within the clock's grain is another one. */
    private static Object version(Path file) {
        try {
            return Files.readAttributes(file, "unix:ino,ctime,size");
        } catch (IOException e) {
            throw Failure.io("look at", file, e);
        }
    }

    private void warn(String text) {
        events.on(new Event.Notice(Event.Level.WARNING, text));
    }
}
