package dev.nbroot.client;

import dev.nbroot.report.Failure;
import dev.nbroot.state.ClientRecord;
import dev.nbroot.state.Generation;
import dev.nbroot.state.StateDirectory;
import dev.nbroot.state.StateFiles;
import dev.nbroot.system.AtomicFile;
import dev.nbroot.system.MacAddress;
import dev.nbroot.system.Overlays;
import dev.nbroot.system.TreeRemoval;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/**
 * A client that is being made, in a hidden directory beside the others. It appears by rename(2) when it is whole;
 * closed before that, or killed, it was never there. The caller holds the client's lock.
 */
public final class NewClient implements AutoCloseable {
    private final StateDirectory state;
    private final MacAddress mac;
    private final Path directory;

    private NewClient(StateDirectory state, MacAddress mac, Path directory) {
        this.state = state;
        this.mac = mac;
        this.directory = directory;
    }

    /**
     * Begins; removes what a killed attempt left.
     *
     * @throws Failure of kind {@code FAILED} at an I/O error
     */
    public static NewClient begin(StateDirectory state, MacAddress mac) {
        Path directory = hidden(state, mac);
        TreeRemoval.remove(directory);
        try {
            Files.createDirectories(state.clients());
            // What a client's root made setuid must be out of reach for the server's own users.
            ClientLayers.make(directory, ClientLayers.OWNER_ONLY);
        } catch (IOException e) {
            throw Failure.io("make a client in", state.clients(), e);
        }
        return new NewClient(state, mac, directory);
    }

    /** {@return where a client is made before it appears; a dot keeps it out of every list} */
    static Path hidden(StateDirectory state, MacAddress mac) {
        return state.clients().resolve("." + mac + ".new");
    }

    /** {@return the SSH host keys of the new machine, made now} */
    public List<HostKey> makeHostKeys(HostKeys maker, Hostname name) {
        Path keys = directory.resolve("keys");
        try {
            ClientLayers.make(keys, ClientLayers.OWNER_ONLY);
        } catch (IOException e) {
            throw Failure.io("make SSH host keys in", keys, e);
        }
        // When this fails, close() removes them with the rest, and does not hide why it failed.
        List<HostKey> made = maker.make(keys, "root@" + name.shortName());
        TreeRemoval.remove(keys);
        return made;
    }

    /** Makes the layers of a persistent client and writes its identity through the view that they give. */
    public void makeView(ClientViews views, Generation generation, ClientRecord client, List<HostKey> keys) {
        new ClientLayers(directory, generation).make();
        // Through the view, not into upper/: the kernel marks there what it copied up, and file handles rely on it.
        try (Overlays.View view = views.open(directory, generation)) {
            new IdentityFiles(view.path()).write(client, keys);
        }
    }

    /**
     * Makes it appear.
     *
     * @return the client's directory
     */
    public Path publish(ClientRecord client, StateFiles files) {
        files.write(directory, client);
        Path finished = state.client(mac);
        try {
            if (!client.mode().hasView()) {
                // Nothing but its record is in there: whoever may read the roots may stage it.
                Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString(ClientLayers.PUBLIC));
            }
            AtomicFile.sync(directory);
            Files.move(directory, finished, StandardCopyOption.ATOMIC_MOVE);
            AtomicFile.sync(finished.getParent());
        } catch (IOException e) {
            throw Failure.io("publish the client", finished, e);
        }
        return finished;
    }

    /** Removes it, unless it was published. */
    @Override
    public void close() {
        TreeRemoval.remove(directory);
    }
}
