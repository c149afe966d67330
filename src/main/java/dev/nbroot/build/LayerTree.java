package dev.nbroot.build;

import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import dev.nbroot.system.Commands;
import dev.nbroot.system.Invocation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Copies trees into layers and out of them, and tells whether a layer is still what was put into it. */
final class LayerTree {
    /** Exit status of the scripts below when somebody else deletes the layer. */
    private static final int LOST = 9;

    private static final int SHOWN = 10;

    private LayerTree() {}

    /**
     * Copies a whole root into a layer.
     *
     * @return its fingerprint
     * @throws Failure of kind {@code FAILED} when the cache is deleted meanwhile
     */
    static String save(BuildSite site, Path layer) {
        return saved(site, layer, "save-layer.sh", List.of(site.tree().toString(), layer.toString()));
    }

    /** As {@link #save}, for an absent layer and some files; the arguments are those of save-files.sh. */
    static String saveFiles(BuildSite site, Path layer, List<String> arguments) {
        return saved(site, layer, "save-files.sh", arguments);
    }

    private static String saved(BuildSite site, Path layer, String script, List<String> arguments) {
        if (site.ask(script, List.of(0, LOST), arguments.toArray(String[]::new)).status() == 0) {
            String print = fingerprint(site, layer);
            if (!print.isEmpty()) {
                return print;
            }
        }
        throw lost(site, layer);
    }

    private static Failure lost(BuildSite site, Path layer) {
        return Failure.of(
                FailureKind.FAILED,
                "the cache lost files while they were written: " + layer,
                "does something else work in " + site.cache() + "? then build again");
    }

    /**
     * Has everything on disk that was copied into the layers of a cache.
     *
     * @param layer one of them
     * @throws Failure of kind {@code FAILED} when the cache has been deleted
     */
    static void sync(BuildSite site, Path layer) {
        Invocation sync = Invocation.of("sync", "--file-system", layer.toString());
        try {
            site.run(sync);
        } catch (Failure failure) {
            throw Files.isDirectory(layer) ? failure : lost(site, layer);
        }
    }

    /** {@return whether the site's tree now has all of the layer} */
    static boolean restore(BuildSite site, LayerStore.Layer layer) {
        return copy(site, layer, "restore-layer.sh") && isWhole(site, layer);
    }

    /**
     * Copies a layer's files over the site's tree. A damaged layer is seen before the tree is touched.
     *
     * @return whether it has all of them now
     */
    static boolean restoreFiles(BuildSite site, LayerStore.Layer layer) {
        return isWhole(site, layer) && copy(site, layer, "restore-files.sh") && isWhole(site, layer);
    }

    private static boolean copy(BuildSite site, LayerStore.Layer layer, String script) {
        Commands.Result copied = site.ask(
                script, List.of(0, LOST), layer.tree().toString(), site.tree().toString());
        if (copied.status() == 0) {
            return true;
        }
        if (isWhole(site, layer)) {
            // It is not to blame, but the place it is copied to.
            List<String> lines = copied.lines();
            throw Failure.of(
                            FailureKind.COMMAND, script + " failed (it could not copy all of " + layer.tree() + ")", "")
                    .withDetails(lines.subList(Math.max(0, lines.size() - SHOWN), lines.size()));
        }
        return false;
    }

    private static boolean isWhole(BuildSite site, LayerStore.Layer layer) {
        return fingerprint(site, layer.tree()).equals(layer.facts().fingerprint());
    }

    private static String fingerprint(BuildSite site, Path tree) {
        return site.ask("fingerprint.sh", List.of(0, LOST), tree.toString())
                .text()
                .strip();
    }
}
