package dev.nbroot.build;

import dev.nbroot.report.Failure;
import dev.nbroot.system.Invocation;
import dev.nbroot.system.TreeRemoval;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Layers that a build has copied and works on, but that are not safe on disk yet. They are published together when the
 * build ends, well or not, so that it waits for the disk only once.
 */
final class NewLayers implements AutoCloseable {
    private final LayerStore store;
    private final boolean replace;
    private final List<LayerStore.Layer> waiting = new ArrayList<>();

    /**
     * There are none yet.
     *
     * @param replace whether they take the place of those in the cache
     */
    NewLayers(LayerStore store, boolean replace) {
        this.store = store;
        this.replace = replace;
    }

    /**
     * Takes charge of a layer.
     *
     * @param making from {@link LayerStore#begin}
     * @return where it can be read until it is published
     */
    LayerStore.Layer add(Path making, LayerStore.Facts facts) {
        LayerStore.Layer layer = new LayerStore.Layer(making, facts);
        waiting.add(layer);
        return layer;
    }

    /** Deletes a layer that is not what it was; in the cache, too. */
    void discard(LayerStore.Layer layer) {
        if (waiting.remove(layer)) {
            TreeRemoval.remove(layer.directory());
        } else {
            store.discard(layer);
        }
    }

    /**
     * Has everything on disk, then shows the layers to other builds. They are found elsewhere from now on. What somebody
     * has deleted meanwhile is missing in the cache only.
     */
    void publish(BuildSite site) {
        waiting.removeIf(layer -> !Files.exists(layer.archive()));
        if (waiting.isEmpty()) {
            return;
        }
        Path first = waiting.get(0).archive();
        try {
            site.run(Invocation.of("sync", "--file-system", first.toString()));
        } catch (Failure failure) {
            if (Files.exists(first)) {
                throw failure;
            }
            publish(site);
            return;
        }
        while (!waiting.isEmpty()) {
            publish(site, waiting.remove(0));
        }
    }

    /** A root that is finished does not fail for the cache's sake. */
    private void publish(BuildSite site, LayerStore.Layer layer) {
        try {
            store.publish(layer.directory(), layer.facts(), replace);
        } catch (Failure failure) {
            if (Files.exists(layer.archive())) {
                site.warn("the next build begins further back: " + failure.getMessage());
            }
            TreeRemoval.remove(layer.directory());
        }
    }

    /** What is whole need not be made again; that it could not be kept must not hide why the build failed. */
    void keep(BuildSite site, Failure reason) {
        try {
            publish(site);
        } catch (Failure lost) {
            reason.addSuppressed(lost);
        }
    }

    @Override
    public void close() {
        waiting.forEach(layer -> TreeRemoval.remove(layer.directory()));
        waiting.clear();
    }
}
