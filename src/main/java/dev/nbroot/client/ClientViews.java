package dev.nbroot.client;

import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import dev.nbroot.state.ClientRecord;
import dev.nbroot.state.Generation;
import dev.nbroot.state.Generations;
import dev.nbroot.state.StateDirectory;
import dev.nbroot.system.OverlayMount;
import dev.nbroot.system.Overlays;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Opens the trees that clients see. */
public final class ClientViews {
    private final StateDirectory state;
    private final Overlays overlays;

    /** Opens views of one state directory's clients. */
    public ClientViews(StateDirectory state, Overlays overlays) {
        this.state = state;
        this.overlays = overlays;
    }

    /** {@return the path that a client's kernel command line names: its own, or its generation's} */
    public Path exportedPath(ClientRecord client) {
        return client.mode().hasView()
                ? state.client(client.mac()).resolve("root")
                : new Generations(state).bootedBy(client).tree();
    }

    /**
     * Opens a persistent client's own view, for reading and writing.
     *
     * @throws Failure of kind {@code LOCKED} when another process has it open
     */
    public Overlays.View open(ClientRecord client) {
        return open(state.client(client.mac()), generation(client));
    }

    /**
     * Opens a persistent client's view to change it while the machine is off. As long as it is open, the machine cannot
     * begin to use it.
     *
     * @throws Failure of kind {@code LOCKED} when the machine is on, as far as that can be known: when a server, or
     *     another nbroot, has the view open
     */
    public Overlays.View openOff(ClientRecord client) {
        try {
            return open(client);
        } catch (Failure failure) {
            if (failure.kind() != FailureKind.LOCKED) {
                throw failure;
            }
            throw Failure.of(
                    FailureKind.LOCKED,
                    client.named() + " is on, or was a moment ago: its view is being served",
                    "switch it off; nbroot serve lets go of a view about a minute after the machine has fallen silent",
                    failure);
        }
    }

    /**
     * Does something for which the view of a client that is off is mounted in a private namespace, for commands to work in
     * it.
     *
     * @param work mounts it, and keeps it mounted for as long as the machine must not begin to use it
     * @return what the work gives
     * @throws Failure as {@link #openOff}, also when the machine is switched on just before the view is mounted
     */
    public <T> T whereMounted(ClientRecord client, Function<OverlayMount, T> work) {
        // What was written by file handles alone is under its name only when the view has been opened.
        openOff(client).close();
        OverlayMount view = new ClientLayers(state.client(client.mac()), generation(client)).mount();
        try {
            return work.apply(view);
        } catch (Failure failure) {
            if (view.isRefused(failure)) {
                openOff(client).close();
            }
            throw failure;
        }
    }

    /**
     * Opens the view of a client's directory, which may still be a temporary one.
     *
     * @param directory with {@code upper/} and {@code work/}
     */
    public Overlays.View open(Path directory, Generation generation) {
        return overlays.open(List.of(generation.tree()), directory.resolve("upper"), directory.resolve("work"));
    }

    /**
     * Opens a view whose writes are thrown away when it is closed: over what a client sees, or over a generation. What
     * is below is not changed, and must not be changed by others meanwhile.
     *
     * @param client whose view to look at; it must not be open elsewhere
     * @throws Failure of kind {@code FAILED} when the overlay cannot be made
     */
    public ThrowawayView throwaway(Generation generation, Optional<ClientRecord> client) {
        List<Path> lowers = client.filter(one -> one.mode().hasView())
                .map(one -> List.of(
                        state.client(one.mac()).resolve("upper"),
                        generation(one).tree()))
                .orElseGet(() -> List.of(generation.tree()));
        return ThrowawayView.open(overlays, lowers, state);
    }

    /** As {@link #throwaway(Generation, Optional)}, over a directory. */
    public ThrowawayView throwaway(Path directory) {
        return ThrowawayView.open(overlays, List.of(directory), state);
    }

    private Generation generation(ClientRecord client) {
        return state.generation(client.root(), client.generation());
    }
}
