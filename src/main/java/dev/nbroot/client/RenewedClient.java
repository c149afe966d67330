package dev.nbroot.client;

import dev.nbroot.report.Failure;
import dev.nbroot.state.ClientRecord;
import dev.nbroot.state.Generation;
import dev.nbroot.state.StateDirectory;
import dev.nbroot.state.StateFiles;
import dev.nbroot.system.AtomicFile;
import dev.nbroot.system.MacAddress;
import dev.nbroot.system.Overlays;
import dev.nbroot.system.PathExchange;
import dev.nbroot.system.TreeRemoval;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/**
 * What an existing client is going to be, made in a hidden directory beside it. The two change places in one step: so a
 * client is the old one, with all that it wrote, or the new one, at every instant. The caller holds the client's lock, and
 * keeps its view open until then, so that the machine cannot begin to write meanwhile.
 */
public final class RenewedClient implements AutoCloseable {
    private final StateDirectory state;
    private final Path directory;
    private final ClientRecord client;

    private RenewedClient(StateDirectory state, Path directory, ClientRecord client) {
        this.state = state;
        this.directory = directory;
        this.client = client;
    }

    /**
     * Begins, with an empty view over a generation; removes what a killed attempt left.
     *
     * @param client as it is now
     * @param generation what the machine shall boot from now on
     * @param now when that is: file handles of the old view must not fit the new one, and are told apart by this
     */
    public static RenewedClient begin(StateDirectory state, ClientRecord client, Generation generation, Instant now) {
        MacAddress mac = client.mac();
        Path directory = NewClient.hidden(state, mac);
        TreeRemoval.remove(directory);
        try {
            ClientLayers.make(directory, ClientLayers.OWNER_ONLY);
        } catch (IOException e) {
            throw Failure.io("make a client in", state.clients(), e);
        }
        ClientRecord next = new ClientRecord(
                mac,
                client.root(),
                generation.number(),
                client.hostname(),
                client.machineId(),
                client.mode(),
                client.address(),
                client.prefix(),
                now.toString());
        RenewedClient renewed = new RenewedClient(state, directory, next);
        new ClientLayers(directory, generation).make();
        return renewed;
    }

    /** {@return the client as it is going to be} */
    public ClientRecord client() {
        return client;
    }

    /** {@return the layers of its view} */
    ClientLayers layers() {
        return new ClientLayers(directory, state.generation(client.root(), client.generation()));
    }

    /** Writes the machine's identity, and nothing else, into the new view. */
    public void identify(ClientViews views, List<HostKey> keys) {
        try (Overlays.View view = views.open(directory, state.generation(client.root(), client.generation()))) {
            identify(view.path(), keys);
        }
    }

    /** As {@link #identify(ClientViews, List)}, where the new view is open already. */
    void identify(Path view, List<HostKey> keys) {
        IdentityFiles files = new IdentityFiles(view);
        files.writeName(new Hostname(client.hostname()));
        files.writeMachineId(client.machineId());
        files.writeHostKeys(keys);
    }

    /** Takes the old one's place, which is deleted when this is closed. */
    public void publish(StateFiles files, PathExchange paths) {
        files.write(directory, client);
        try {
            AtomicFile.sync(directory);
        } catch (IOException e) {
            throw Failure.io("write to disk", directory, e);
        }
        paths.exchange(directory, state.client(client.mac()));
    }

    /** Removes what is not the client: before {@link #publish} the new one, afterwards the old one. */
    @Override
    public void close() {
        TreeRemoval.remove(directory);
    }
}
