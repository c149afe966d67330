package dev.nbroot.command;

import dev.nbroot.build.DerivedRoot;
import dev.nbroot.build.EnteredView;
import dev.nbroot.build.RootWork;
import dev.nbroot.client.ClientViews;
import dev.nbroot.report.Event;
import dev.nbroot.report.Events;
import dev.nbroot.report.Failure;
import dev.nbroot.state.ClientRecord;
import dev.nbroot.state.Generation;
import dev.nbroot.state.Generations;
import dev.nbroot.state.Manifest;
import dev.nbroot.state.StateDirectory;
import dev.nbroot.state.StateFiles;
import dev.nbroot.state.TemporaryDirectory;
import dev.nbroot.system.AttendedCommands;
import dev.nbroot.system.Commands;
import dev.nbroot.system.Invocation;
import dev.nbroot.system.Namespaces;
import dev.nbroot.system.OverlayMount;
import dev.nbroot.system.StateLock;
import java.util.Optional;

/**
 * {@code nbroot enter}: a shell or a command in a copy of a root's current generation, which becomes the next one if it
 * ends well; or in the view of a machine that is off.
 */
public final class EnterRoot {
    private final StateDirectory state;
    private final StateFiles files;
    private final Generations generations;
    private final DeriveGeneration derive;
    private final ClientViews views;
    private final EnteredView entered;
    private final AttendedCommands attended;
    private final Events events;

    /**
     * Wires it.
     *
     * @param commands runs what prepares a machine's view
     * @param attended runs what the person asks for
     */
    public EnterRoot(
            StateDirectory state,
            DeriveGeneration derive,
            ClientViews views,
            Namespaces namespaces,
            Commands commands,
            AttendedCommands attended,
            Events events) {
        this.state = state;
        this.files = new StateFiles(state);
        this.generations = new Generations(state);
        this.derive = derive;
        this.views = views;
        this.entered = new EnteredView(namespaces, commands, events);
        this.attended = attended;
        this.events = events;
    }

    /**
     * Works, until the person or the command ends it.
     *
     * @throws Failure of kind {@code COMMAND} when the command does not end well: then no generation is made; {@code
     *     USAGE} when there is no such root or persistent client; {@code LOCKED} when the machine is on, or another
     *     nbroot works on the root
     */
    public UpkeepOutcome run(EnterRequest request) {
        return request.mac().isPresent() ? inView(request, request.mac().get()) : inRoot(request);
    }

    private UpkeepOutcome inRoot(EnterRequest request) {
        String root = request.root().orElseThrow();
        generations.require(root);
        StateLock lock = derive.lock(root);
        try {
            // Looked up again: it may have changed before the lock was had.
            Generation current = generations.require(root);
            DerivedRoot.Parent parent = derive.parent(current);
            Generation next = generations.next(root);
            tell("in a copy of " + current.label() + "; it becomes " + next.label() + " if "
                    + (request.argv().isEmpty() ? "the shell" : request.argv().get(0)) + " ends with status 0");
            RootWork work = new RootWork.Attended(request.argv(), next.label(), request.talking(), attended);
            Optional<DerivedOutcome> made = derive.run(
                    parent, work, new Manifest.Origin("enter", current.label(), quoted(request)), generation -> {});
            return new UpkeepOutcome(
                    made,
                    Optional.empty(),
                    made.map(one -> current.root() + "/" + one.generation() + " is current: " + one.path())
                            .orElse("nothing differs: " + current.label() + " stays current"));
        } finally {
            lock.close();
        }
    }

    private static String quoted(EnterRequest request) {
        return request.argv().isEmpty() ? "" : Invocation.of(request.argv()).quoted();
    }

    private UpkeepOutcome inView(EnterRequest request, String mac) {
        ClientRecord client = KnownClient.persistent(files, mac);
        DerivedRoot.Parent parent = derive.parent(state.generation(client.root(), client.generation()));
        StateLock lock = KnownClient.lock(state, client);
        try {
            views.whereMounted(client, view -> {
                inView(request, client, parent, view);
                return client;
            });
        } finally {
            lock.close();
        }
        return new UpkeepOutcome(
                Optional.empty(),
                Optional.of(client.mac().colons()),
                "what has changed: nbroot diff " + client.option());
    }

    private void inView(EnterRequest request, ClientRecord client, DerivedRoot.Parent parent, OverlayMount view) {
        try (TemporaryDirectory temporary = TemporaryDirectory.make(state, "enter")) {
            tell("in the view of " + KnownClient.named(client) + "; what is done here stays");
            entered.run(
                    view,
                    client.hostname(),
                    parent,
                    new RootWork.Attended(request.argv(), client.hostname(), request.talking(), attended),
                    temporary.path());
        } finally {
            restage(client);
        }
    }

    /** What was installed may be a kernel, also when the command has failed later. */
    private void restage(ClientRecord client) {
        try {
            derive.restage();
        } catch (Failure failure) {
            events.on(new Event.Notice(
                    Event.Level.WARNING,
                    client.hostname() + " was not staged, and boots the kernel that it booted before: "
                            + failure.getMessage()));
        }
    }

    private void tell(String text) {
        events.on(new Event.Notice(Event.Level.INFO, text));
    }
}
