package dev.nbroot.command;

import dev.nbroot.client.ClientViews;
import dev.nbroot.client.HostKey;
import dev.nbroot.client.HostKeys;
import dev.nbroot.client.Hostname;
import dev.nbroot.client.IdentityFiles;
import dev.nbroot.client.MachineId;
import dev.nbroot.client.NewClient;
import dev.nbroot.report.Event;
import dev.nbroot.report.Events;
import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import dev.nbroot.stage.BootPlanner;
import dev.nbroot.state.ClientMode;
import dev.nbroot.state.ClientRecord;
import dev.nbroot.state.Generation;
import dev.nbroot.state.Generations;
import dev.nbroot.state.HeldGeneration;
import dev.nbroot.state.StateDirectory;
import dev.nbroot.state.StateFiles;
import dev.nbroot.system.Commands;
import dev.nbroot.system.MacAddress;
import dev.nbroot.system.Overlays;
import dev.nbroot.system.StateLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/** {@code nbroot clone}: binds a machine to a root and gives it its own identity and view. */
public final class CloneClient {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final StateDirectory state;
    private final Generations generations;
    private final StateFiles files;
    private final ClientViews views;
    private final HostKeys hostKeys;
    private final StageBootTree stage;
    private final Events events;
    private final Clock clock;

    /**
     * Clones within one state directory.
     *
     * @param stage updates the boot tree afterwards
     */
    public CloneClient(
            StateDirectory state,
            Overlays overlays,
            Commands commands,
            StageBootTree stage,
            Events events,
            Clock clock) {
        this.state = state;
        this.generations = new Generations(state);
        this.files = new StateFiles(state);
        this.views = new ClientViews(state, overlays);
        this.hostKeys = new HostKeys(commands);
        this.stage = stage;
        this.events = events;
        this.clock = clock;
    }

    /**
     * Clones. When the same clone was killed, or failed, between making the client and staging it, what is left is done.
     *
     * @throws Failure of kind {@code USAGE} when the request is wrong or collides with a client that exists;
     *     {@code INVALID_INPUT} when the state directory's path fits on no kernel command line, or the root is too old to
     *     be held in memory; {@code LOCKED} when
     *     another nbroot is making the same client; {@code HOST} without root's privileges;
     *     {@code FAILED} at an I/O error, and when the client was made but could not be staged. No half client is
     *     left.
     */
    public CloneOutcome run(CloneRequest request) {
        long start = System.nanoTime();
        MacAddress mac = MacAddress.parse(request.mac());
        Generation generation = existing(generations.require(request.root()));
        ClientRecord client = record(request, mac, generation);
        if (client.mode() == ClientMode.PERSISTENT) {
            BootPlanner.requireCarriable(views.exportedPath(client));
        }
        requireWritable();
        Optional<ClientRecord> unstaged = unstaged(client);
        if (unstaged.isPresent()) {
            return finish(unstaged.get(), start);
        }
        requireFree(client);
        if (client.mode() == ClientMode.TORAM) {
            // First, because it takes longest and can fail.
            stage.prepareImage(generation);
        }
        StateLock lock = StateLock.take(state.lock("client-" + mac), "client " + mac.colons());
        List<HostKey> keys;
        try {
            events.on(new Event.StepStarted(
                    "clone", "Make " + client.hostname() + " (" + mac.colons() + ") of " + generation.label()));
            keys = HeldGeneration.during(state, generation, () -> make(client, generation));
        } finally {
            lock.close();
        }
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        events.on(new Event.StepFinished("clone", took, false));
        return new CloneOutcome(
                client, views.exportedPath(client), CloneOutcome.fingerprints(keys), took, restage(client));
    }

    /** {@return the client that was asked for, if it is there and only the boot tree does not know of it} */
    private Optional<ClientRecord> unstaged(ClientRecord wanted) {
        return files.client(wanted.mac())
                .filter(made -> made.root().equals(wanted.root())
                        && made.mode() == wanted.mode()
                        && made.hostname().equalsIgnoreCase(wanted.hostname())
                        && made.address().equals(wanted.address())
                        && made.prefix().equals(wanted.prefix()))
                .filter(stage.menus()::lack);
    }

    private CloneOutcome finish(ClientRecord made, long start) {
        events.on(new Event.Notice(
                Event.Level.WARNING,
                KnownClient.named(made) + " of " + made.root() + "/" + made.generation()
                        + " is there already, and in no menu: only the boot tree is to follow"));
        if (made.mode() == ClientMode.TORAM) {
            stage.prepareImage(generations.bootedBy(made));
        }
        List<HostKey> keys = new IdentityFiles(state.client(made.mac()).resolve("upper")).hostKeys();
        return new CloneOutcome(
                made,
                views.exportedPath(made),
                CloneOutcome.fingerprints(keys),
                Duration.ofNanos(System.nanoTime() - start),
                restage(made));
    }

    private Generation existing(Generation current) {
        if (!Files.isDirectory(current.directory())) {
            Path link = state.root(current.root()).resolve("current");
            throw Failure.of(
                    FailureKind.FAILED,
                    link + " points to the generation " + current.label() + ", which does not exist",
                    "let it point to one of the numbers beside it: ln -sfn NUMBER " + link);
        }
        return current;
    }

    private ClientRecord record(CloneRequest request, MacAddress mac, Generation generation) {
        Hostname hostname = request.hostname().map(Hostname::parse).orElseGet(() -> Hostname.of(request.root(), mac));
        Optional<FixedAddress> address = request.address().map(FixedAddress::parse);
        return new ClientRecord(
                mac,
                request.root(),
                generation.number(),
                hostname.text(),
                MachineId.random(),
                request.mode(),
                address.map(fixed -> fixed.address().toString()),
                FixedAddress.prefix(address),
                clock.instant().truncatedTo(ChronoUnit.SECONDS).toString());
    }

    private List<HostKey> make(ClientRecord client, Generation generation) {
        try (NewClient made = NewClient.begin(state, client.mac())) {
            List<HostKey> keys = List.of();
            if (client.mode() == ClientMode.PERSISTENT) {
                if (new IdentityFiles(generation.tree()).hasSsh()) {
                    keys = made.makeHostKeys(hostKeys, new Hostname(client.hostname()));
                }
                made.makeView(views, generation, client, keys);
            }
            // One lock for all clients, held for the moment in which names are compared and the client appears.
            StateLock all = StateLock.await(state.lock("clients"), "the clients", PATIENCE);
            try {
                requireFree(client);
                made.publish(client, files);
            } finally {
                all.close();
            }
            return keys;
        }
    }

    private void requireFree(ClientRecord wanted) {
        for (ClientRecord other : files.clients()) {
            String who = other.mac().colons() + " (" + other.hostname() + ")";
            if (other.mac().equals(wanted.mac())) {
                throw Failure.of(
                        FailureKind.USAGE,
                        wanted.mac().colons() + " is already bound to " + other.root() + "/" + other.generation()
                                + " as " + other.hostname(),
                        "clone another MAC; or, to start this one afresh and lose what it wrote: switch the machine"
                                + " off, then nbroot reset --mac "
                                + other.mac().colons());
            }
            if (other.mode() == ClientMode.SHARED) {
                // Its name is the root's own, which clones take the place of.
                continue;
            }
            if (other.hostname().equalsIgnoreCase(wanted.hostname())) {
                throw Failure.of(
                        FailureKind.USAGE,
                        "the host name " + wanted.hostname() + " belongs to "
                                + other.mac().colons(),
                        "give another one with --hostname");
            }
            if (wanted.address().isPresent() && other.address().equals(wanted.address())) {
                throw Failure.of(
                        FailureKind.USAGE,
                        "the address " + wanted.address().get() + " belongs to " + who,
                        "give another one with --address");
            }
        }
        files.stageSettings()
                .filter(settings -> wanted.address().equals(Optional.of(settings.server())))
                .ifPresent(settings -> {
                    throw Failure.of(
                            FailureKind.USAGE,
                            "the address " + settings.server() + " is the server's own",
                            "give another one with --address");
                });
    }

    private void requireWritable() {
        if (!Files.isWritable(state.path())) {
            throw Failure.of(
                    FailureKind.HOST, "the state directory " + state.path() + " is not writable", "run nbroot as root");
        }
    }

    private Optional<StageOutcome> restage(ClientRecord client) {
        Optional<StageOutcome> staged = stage.restageBehind("the client " + client.hostname() + " was made");
        staged.filter(outcome -> !outcome.has(client))
                .ifPresent(outcome -> events.on(new Event.Notice(
                        Event.Level.WARNING,
                        "the root " + client.root() + " is not among the staged ones, so " + client.hostname()
                                + " cannot boot yet: nbroot stage " + client.root() + " --tftp " + outcome.tftp()
                                + " --server " + outcome.server())));
        return staged;
    }
}
