package dev.nbroot.command;

import dev.nbroot.client.ClientViews;
import dev.nbroot.report.Failure;
import dev.nbroot.serve.Trees;
import dev.nbroot.state.ClientRecord;
import dev.nbroot.state.Generation;
import dev.nbroot.state.StateFiles;
import dev.nbroot.system.Overlays;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The real trees: generations as they lie on disk, and each client's view, open from its first use on. */
final class OwnTrees implements Trees, AutoCloseable {
    private final ClientViews views;
    private final StateFiles files;
    private final Map<ClientRecord, Overlays.View> open = new HashMap<>();

    OwnTrees(ClientViews views, StateFiles files) {
        this.views = views;
        this.files = files;
    }

    @Override
    public Path open(Generation generation) {
        return generation.tree();
    }

    @Override
    public Path open(ClientRecord client) throws IOException {
        try {
            synchronized (open) {
                Overlays.View view = open.get(client);
                if (view == null) {
                    // The server's own knowledge of it is up to a second old.
                    if (!files.client(client.mac()).equals(Optional.of(client))) {
                        throw new IOException(client.hostname() + " has just been changed; it is served in a second");
                    }
                    view = views.open(client);
                    open.put(client, view);
                }
                return view.path();
            }
        } catch (Failure failure) {
            throw new IOException(failure.getMessage(), failure);
        }
    }

    @Override
    public void close(ClientRecord client) {
        synchronized (open) {
            Overlays.View view = open.remove(client);
            if (view != null) {
                view.close();
            }
        }
    }

    @Override
    public void close() {
        synchronized (open) {
            open.values().forEach(Overlays.View::close);
            open.clear();
        }
    }
}
