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
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The real trees: generations as they lie on disk, and each client's view, open from its first use. */
final class OwnTrees implements Trees, AutoCloseable {
    private final ClientViews views;
    private final StateFiles files;
    private final Map<ClientRecord, Overlays.View> open = new ConcurrentHashMap<>();
    private boolean closed;

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
            // The server's own knowledge of it is up to a second old.
            if (!files.client(client.mac()).equals(Optional.of(client))) {
                throw new IOException(client.hostname() + " has just been changed; it is served in a second");
            }
            // It may take long; others are opened meanwhile.
            return keep(client, views.open(client));
        } catch (Failure failure) {
            throw new IOException(failure.getMessage(), failure);
        }
    }

    private synchronized Path keep(ClientRecord client, Overlays.View view) throws IOException {
        if (closed) {
            view.close();
            throw new IOException("the server is closing");
        }
        open.put(client, view);
        return view.path();
    }

    @Override
    public int links(ClientRecord client, int handleType, byte[] handle, int shown) {
        Overlays.View view = open.get(client);
        return view == null ? shown : view.links(handleType, handle, shown);
    }

    @Override
    public synchronized void close(ClientRecord client) {
        Overlays.View view = open.remove(client);
        if (view != null) {
            view.close();
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        open.values().forEach(Overlays.View::close);
        open.clear();
    }
}
