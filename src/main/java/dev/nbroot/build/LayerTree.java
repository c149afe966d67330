package dev.nbroot.build;

import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import dev.nbroot.system.Commands;
import dev.nbroot.system.Invocation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Puts trees into layers and takes them out again, and tells whether a layer is still what was put into it.
 *
 * <p>A layer is one archive, not a tree: a file system takes longer to make the files of a root than to write their
 * contents, and nobody changes a part of it by accident.
 */
final class LayerTree {
    /** Exit status of the scripts below when somebody else deletes the layer. */
    private static final int LOST = 9;

    private static final int SHOWN = 10;

    private LayerTree() {}

    /**
     * Puts a whole root into a layer.
     *
     * @param archive a file that is not there yet
     * @return its fingerprint
     * @throws Failure of kind {@code FAILED} when the cache is deleted meanwhile
     */
    static String save(BuildSite site, Path archive) {
        return saved(site, archive, site.invocation("save-layer.sh", site.tree().toString(), archive.toString()));
    }

    /**
     * As {@link #save}, for some files.
     *
     * @param paths relative to the tree, a directory before what it has; without line ends
     */
    static String saveFiles(BuildSite site, Path archive, List<String> paths) {
        Invocation script = site.invocation("save-layer.sh", site.tree().toString(), archive.toString(), "files");
        return saved(
                site,
                archive,
                script.reading(paths.stream().map(path -> path + "\n").collect(Collectors.joining())));
    }

    private static String saved(BuildSite site, Path archive, Invocation script) {
        if (site.run(script.accepting(0, LOST)).status() == 0) {
            String print = fingerprint(archive);
            if (!print.isEmpty()) {
                return print;
            }
        }
        throw Failure.of(
                FailureKind.FAILED,
                "the cache lost files while they were written: " + archive,
                "does something else work in " + site.cache() + "? then build again");
    }

    /**
     * Takes a layer's files into the site's tree, in place of those that are there. When the layer is damaged before, the
     * tree is not touched.
     *
     * @return whether the tree now has all of the layer
     */
    static boolean restore(BuildSite site, LayerStore.Layer layer) {
        if (!isWhole(layer)) {
            return false;
        }
        Commands.Result copied = site.ask(
                "restore-layer.sh",
                List.of(0, LOST),
                layer.archive().toString(),
                site.tree().toString());
        boolean whole = isWhole(layer);
        if (copied.status() != 0 && whole) {
            // It is not to blame, but the place it is copied to.
            List<String> lines = copied.lines();
            throw Failure.of(
                            FailureKind.COMMAND,
                            "restore-layer.sh failed (it could not take all out of " + layer.archive() + ")",
                            "")
                    .withDetails(lines.subList(Math.max(0, lines.size() - SHOWN), lines.size()));
        }
        return whole;
    }

    private static boolean isWhole(LayerStore.Layer layer) {
        return fingerprint(layer.archive()).equals(layer.facts().fingerprint());
    }

    /** Whatever is done to a file gives it another ctime, which nobody can set (inode(7)). Empty: it is gone. */
    private static String fingerprint(Path archive) {
        try {
            Map<String, Object> attributes = Files.readAttributes(
                    archive, "unix:ino,size,mode,uid,gid,lastModifiedTime,ctime", LinkOption.NOFOLLOW_LINKS);
            return new TreeMap<>(attributes).toString();
        } catch (NoSuchFileException e) {
            return "";
        } catch (IOException e) {
            throw Failure.io("look at the layer", archive, e);
        }
    }
}
