package dev.nbroot.command;

import dev.nbroot.report.Event;
import dev.nbroot.report.Events;
import dev.nbroot.report.Failure;
import dev.nbroot.state.ClientKernel;
import dev.nbroot.state.ClientRecord;
import dev.nbroot.state.Generation;
import dev.nbroot.state.Generations;
import dev.nbroot.state.KeptDirectories;
import dev.nbroot.state.SharedHolder;
import dev.nbroot.state.StateDirectory;
import dev.nbroot.state.StateFiles;
import dev.nbroot.state.Use;
import dev.nbroot.state.Uses;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.Optional;
import java.util.function.ToLongFunction;

/** {@code nbroot clients}: which machines there are, what they boot, and which of them were seen. Changes nothing. */
public final class ListClients {
    private final StateDirectory state;
    private final ToLongFunction<Path> sizes;
    private final Events events;
    private final Clock clock;
    private final StateFiles files;
    private final Generations generations;
    private final Uses uses;

    /**
     * Lists those of one state directory.
     *
     * @param sizes tells how many bytes of disk a tree takes
     */
    public ListClients(StateDirectory state, ToLongFunction<Path> sizes, Events events, Clock clock) {
        this.state = state;
        this.sizes = sizes;
        this.events = events;
        this.clock = clock;
        this.files = new StateFiles(state);
        this.generations = new Generations(state);
        this.uses = new Uses(state);
    }

    /** A use with what was used. */
    private record Seen(Generation generation, Use use) {}

    /**
     * Lists. What is damaged is told, and the rest is listed.
     *
     * @throws Failure of kind {@code HOST} when the clients may not be read
     */
    public ClientsOutcome run() {
        return new ClientsOutcome(
                ClientList.readable(files, events).stream().map(this::client).toList());
    }

    private ClientsOutcome.Client client(ClientRecord client) {
        Instant now = clock.instant();
        Optional<Seen> seen = lastSeen(client);
        Optional<ClientKernel> own = files.kernel(client);
        Optional<Duration> silence = seen.map(last -> ClientList.silence(last.use(), now));
        return new ClientsOutcome.Client(
                client.mac().colons(),
                client.hostname(),
                client.root(),
                next(client),
                own.map(ClientKernel::version).or(() -> generationsKernel(client)),
                own.isPresent(),
                seen.map(last -> last.generation().number()),
                client.mode().word(),
                client.address().or(() -> seen.map(last -> last.use().address())),
                delta(client),
                seen.map(last ->
                        last.use().seen().truncatedTo(ChronoUnit.SECONDS).toString()),
                silence,
                silence.filter(quiet -> quiet.compareTo(Uses.LIVE) < 0).isPresent());
    }

    private Optional<Integer> next(ClientRecord client) {
        try {
            return Optional.of(generations.bootedBy(client).number());
        } catch (Failure failure) {
            events.on(new Event.Notice(
                    Event.Level.WARNING, client.hostname() + " has nothing to boot: " + failure.getMessage()));
            return Optional.empty();
        }
    }

    private Optional<String> generationsKernel(ClientRecord client) {
        try {
            return Optional.of(files.manifest(generations.bootedBy(client)).kernel());
        } catch (Failure failure) {
            // That it has nothing to boot is said already.
            return Optional.empty();
        }
    }

    private Optional<Seen> lastSeen(ClientRecord client) {
        // Nobody has the card that stands for a shared tree.
        Optional<SharedHolder> holder = SharedHolder.read(state.holder(client.mac()));
        return generations.all(client.root()).stream()
                .flatMap(generation -> uses.of(generation).stream()
                        .filter(use -> holder.map(who -> who.is(use.card(), use.address()))
                                .orElseGet(() -> ClientList.isBy(use, client)))
                        .map(use -> new Seen(generation, use)))
                .max(Comparator.comparing(seen -> seen.use().seen()));
    }

    private Optional<Long> delta(ClientRecord client) {
        Path own = client.mode().hasView()
                ? state.client(client.mac()).resolve("upper")
                : new KeptDirectories(state).top(client.mac());
        return Files.isDirectory(own) ? Optional.of(sizes.applyAsLong(own)) : Optional.empty();
    }
}
