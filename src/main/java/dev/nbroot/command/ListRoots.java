package dev.nbroot.command;

import dev.nbroot.report.Event;
import dev.nbroot.report.Events;
import dev.nbroot.report.Failure;
import dev.nbroot.stage.NamedGenerations;
import dev.nbroot.state.BootTrees;
import dev.nbroot.state.ClientRecord;
import dev.nbroot.state.Generation;
import dev.nbroot.state.Generations;
import dev.nbroot.state.Manifest;
import dev.nbroot.state.StateDirectory;
import dev.nbroot.state.StateFiles;
import dev.nbroot.state.Use;
import dev.nbroot.state.Uses;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToLongFunction;

/** {@code nbroot roots}: what there is, and who uses what. Changes nothing. */
public final class ListRoots {
    private final StateDirectory state;
    private final ToLongFunction<Path> sizes;
    private final Events events;
    private final Clock clock;
    private final Generations generations;
    private final StateFiles files;
    private final Uses uses;

    /**
     * Lists those of one state directory.
     *
     * @param sizes tells how many bytes of disk a tree takes
     */
    public ListRoots(StateDirectory state, ToLongFunction<Path> sizes, Events events, Clock clock) {
        this.state = state;
        this.sizes = sizes;
        this.events = events;
        this.clock = clock;
        this.generations = new Generations(state);
        this.files = new StateFiles(state);
        this.uses = new Uses(state);
    }

    /**
     * Lists. What is damaged is told, and the rest is listed.
     *
     * @throws Failure of kind {@code HOST} when the roots may not be read
     */
    public RootsOutcome run() {
        Instant now = clock.instant();
        List<ClientRecord> clients = ClientList.readable(files, events);
        Set<Generation> staged = staged(now);
        return new RootsOutcome(generations.names().stream()
                .map(name -> root(name, clients, staged, now))
                .toList());
    }

    private Set<Generation> staged(Instant now) {
        Set<Generation> staged = new HashSet<>();
        for (Path tree : new BootTrees(state).all()) {
            try {
                staged.addAll(NamedGenerations.of(tree, state, now));
            } catch (Failure failure) {
                warn(failure.getMessage());
            }
        }
        return staged;
    }

    private RootsOutcome.Root root(String name, List<ClientRecord> clients, Set<Generation> staged, Instant now) {
        Optional<Generation> current = current(name);
        List<RootsOutcome.One> all = new ArrayList<>();
        for (Generation generation : generations.all(name)) {
            Optional<Manifest> manifest = manifest(generation);
            all.add(new RootsOutcome.One(
                    generation.number(),
                    current.equals(Optional.of(generation)),
                    manifest.map(Manifest::created),
                    manifest.map(Manifest::suite),
                    manifest.map(Manifest::kernel),
                    manifest.map(read -> read.packages().size()),
                    sizes.applyAsLong(generation.directory()),
                    staged.contains(generation),
                    generation.tree(),
                    bound(generation, clients, current),
                    users(generation, clients, now)));
        }
        return new RootsOutcome.Root(name, current.map(Generation::number), all);
    }

    private Optional<Generation> current(String name) {
        try {
            return generations.current(name);
        } catch (Failure failure) {
            warn(failure.getMessage());
            return Optional.empty();
        }
    }

    private Optional<Manifest> manifest(Generation generation) {
        try {
            return Optional.of(files.manifest(generation));
        } catch (Failure failure) {
            warn(failure.getMessage());
            return Optional.empty();
        }
    }

    private List<RootsOutcome.Bound> bound(
            Generation generation, List<ClientRecord> clients, Optional<Generation> current) {
        return clients.stream()
                .filter(client -> client.root().equals(generation.root()) && current.isPresent())
                .filter(client -> generations.bootedBy(client).equals(generation))
                .map(client -> new RootsOutcome.Bound(
                        client.mac().colons(), client.hostname(), client.mode().word()))
                .toList();
    }

    private List<RootsOutcome.User> users(Generation generation, List<ClientRecord> clients, Instant now) {
        return uses.of(generation).stream().map(use -> user(use, clients, now)).toList();
    }

    private static RootsOutcome.User user(Use use, List<ClientRecord> clients, Instant now) {
        Duration silence = ClientList.silence(use, now);
        return new RootsOutcome.User(
                use.address(),
                use.card().map(card -> card.colons()),
                clients.stream()
                        .filter(client -> ClientList.isBy(use, client))
                        .findFirst()
                        .map(ClientRecord::hostname),
                use.seen().truncatedTo(ChronoUnit.SECONDS).toString(),
                silence,
                silence.compareTo(Uses.LIVE) < 0);
    }

    private void warn(String text) {
        events.on(new Event.Notice(Event.Level.WARNING, text));
    }
}
