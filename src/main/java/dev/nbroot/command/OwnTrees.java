package dev.nbroot.command;

import dev.nbroot.client.ClientViews;
import dev.nbroot.report.Failure;
import dev.nbroot.serve.Trees;
import dev.nbroot.state.ClientRecord;
import dev.nbroot.state.Generation;
import dev.nbroot.system.Overlays;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;

/** The real trees: generations as they lie on disk, and each client's view, open from its first use to the end. */
final class OwnTrees implements Trees, AutoCloseable {
    private final ClientViews views;
    private final Deque<Overlays.View> open = new ArrayDeque<>();

    OwnTrees(ClientViews views) {
        this.views = views;
    }

    @Override
    public Path open(Generation generation) {
        return generation.tree();
    }

    @Override
    public Path open(ClientRecord client) throws IOException {
        try {
            Overlays.View view = views.open(client);
            synchronized (open) {
                open.push(view);
            }
            return view.path();
        } catch (Failure failure) {
            throw new IOException(failure.getMessage(), failure);
        }
    }

    @Override
    public void close() {
        synchronized (open) {
            while (!open.isEmpty()) {
                open.pop().close();
            }
        }
    }
}
