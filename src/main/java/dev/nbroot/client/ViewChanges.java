package dev.nbroot.client;

import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import dev.nbroot.state.ClientRecord;
import dev.nbroot.state.Generation;
import dev.nbroot.state.StateDirectory;
import dev.nbroot.state.StateFiles;
import dev.nbroot.state.TemporaryDirectory;
import dev.nbroot.system.Commands;
import dev.nbroot.system.Namespaces;
import dev.nbroot.system.OverlayMount;
import dev.nbroot.system.Overlays;
import dev.nbroot.system.PathExchange;
import dev.nbroot.system.PosixFiles;
import dev.nbroot.system.tree.EntryPath;
import dev.nbroot.system.tree.TreeChange;
import dev.nbroot.system.tree.TreeComparison;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** What a machine has changed, and how it gets another view that has these changes, some of them, or none. */
public final class ViewChanges {
    private static final EntryPath HOSTS = EntryPath.of("/etc/hosts");

    private final StateDirectory state;
    private final StateFiles files;
    private final ClientViews views;
    private final Ground ground;

    /** What it stands on. */
    public record Ground(
            Overlays overlays,
            Namespaces namespaces,
            Commands commands,
            PosixFiles posix,
            PathExchange paths,
            Clock clock) {}

    /** Works on the clients of one state directory. */
    public ViewChanges(StateDirectory state, Ground ground) {
        this.state = state;
        this.files = new StateFiles(state);
        this.views = new ClientViews(state, ground.overlays());
        this.ground = ground;
    }

    /** {@return the views of these clients} */
    public ClientViews views() {
        return views;
    }

    /** {@return what a machine has changed in its generation, sorted by path; its identity is not counted} */
    public List<TreeChange> of(ClientRecord client) {
        Generation generation = state.generation(client.root(), client.generation());
        List<TreeChange> delta = new ArrayList<>(against(client, generation));
        delta.removeIf(change -> MachineOwn.has(change.path()));
        boolean plainHosts = new IdentityFiles(layers(client).upper())
                .hasHostsOf(generation.tree(), new Hostname(client.hostname()));
        delta.removeIf(change -> plainHosts && change.path().equals(HOSTS));
        return delta;
    }

    /**
     * {@return how a machine's changes get to another generation of its root}
     *
     * @param found what {@link #of} gave
     */
    public RebasePlan rebase(ClientRecord client, Generation to, List<TreeChange> found) {
        Generation from = state.generation(client.root(), client.generation());
        List<TreeChange> root = new TreeComparison(ground.posix(), names -> {}).compare(from.tree(), to.tree());
        return RebasePlan.of(found, root, against(client, to), elsewhere(client, from, found));
    }

    /** {@return what is changed by another name of the same file: the overlay's index knows it for this generation only} */
    private Set<EntryPath> elsewhere(ClientRecord client, Generation from, List<TreeChange> found) {
        Set<EntryPath> paths = found.stream()
                .filter(change ->
                        change.before().filter(entry -> entry.links() > 1).isPresent())
                .map(TreeChange::path)
                .collect(Collectors.toCollection(HashSet::new));
        if (!paths.isEmpty()) {
            new TreeComparison(ground.posix(), names -> {})
                    .compareLayer(from.tree(), layers(client).upper())
                    .forEach(change -> paths.remove(change.path()));
        }
        return paths;
    }

    /** {@return what a machine's layer would change in some generation, sorted by path} */
    List<TreeChange> against(ClientRecord client, Generation generation) {
        return new TreeComparison(ground.posix(), names -> {})
                .compareLayer(
                        generation.tree(),
                        layers(client).upper(),
                        layers(client).index());
    }

    private ClientLayers layers(ClientRecord client) {
        return new ClientLayers(state.client(client.mac()), state.generation(client.root(), client.generation()));
    }

    /**
     * Gives a machine that is off an empty view with its identity. The caller holds the client's lock.
     *
     * @param generation what it lies over
     * @param found what {@link #of} gave when it was decided to drop all of it
     * @return the client as it is now
     * @throws Failure of kind {@code LOCKED} when the machine is on, or has changed something since; the client is then as
     *     it was, as at any failure
     */
    public ClientRecord drop(ClientRecord client, Generation generation, List<TreeChange> found) {
        try (RenewedClient renewed =
                RenewedClient.begin(state, client, generation, ground.clock().instant())) {
            try (Overlays.View old = views.openOff(client)) {
                requireUnchanged(client, found);
                renewed.identify(views, new IdentityFiles(old.path()).hostKeys());
                renewed.publish(files, ground.paths());
            }
            return renewed.client();
        }
    }

    /**
     * Gives a machine an empty view with its identity, where the caller holds its view open otherwise.
     *
     * @param keys what {@link #hostKeys} gave
     */
    public ClientRecord empty(ClientRecord client, Generation generation, List<HostKey> keys) {
        try (RenewedClient renewed =
                RenewedClient.begin(state, client, generation, ground.clock().instant())) {
            renewed.identify(views, keys);
            renewed.publish(files, ground.paths());
            return renewed.client();
        }
    }

    /**
     * {@return the SSH host keys of a machine that is off}
     *
     * @throws Failure of kind {@code LOCKED} when it is on
     */
    public List<HostKey> hostKeys(ClientRecord client) {
        try (Overlays.View view = views.openOff(client)) {
            return new IdentityFiles(view.path()).hostKeys();
        }
    }

    /**
     * Gives a machine that is off a view with its identity and some of its changes. The caller holds the client's lock.
     *
     * @param generation what it lies over; {@code kept} must not fight it
     * @param found what {@link #of} gave when it was decided what is kept
     * @param kept those of them that are kept, sorted by path
     * @return the client as it is now
     * @throws Failure as {@link #drop}
     */
    public ClientRecord carry(
            ClientRecord client, Generation generation, List<TreeChange> found, List<TreeChange> kept) {
        return views.whereMounted(client, view -> carry(client, view, generation, found, kept));
    }

    private ClientRecord carry(
            ClientRecord client,
            OverlayMount view,
            Generation generation,
            List<TreeChange> found,
            List<TreeChange> kept) {
        try (TemporaryDirectory temporary = TemporaryDirectory.make(state, "carry");
                RenewedClient renewed = RenewedClient.begin(
                        state, client, generation, ground.clock().instant());
                Transplant transplant = Transplant.open(
                        ground.namespaces(),
                        ground.commands(),
                        view,
                        renewed.layers().mount(),
                        temporary.path())) {
            requireUnchanged(client, found);
            transplant.copy(kept);
            renewed.identify(transplant.target(), new IdentityFiles(transplant.source()).hostKeys());
            transplant.sync();
            renewed.publish(files, ground.paths());
            return renewed.client();
        }
    }

    private void requireUnchanged(ClientRecord client, List<TreeChange> found) {
        if (!of(client).equals(found)) {
            throw Failure.of(
                    FailureKind.LOCKED,
                    client.named() + " was switched on meanwhile, and has changed something",
                    "switch it off, and run this again");
        }
    }
}
