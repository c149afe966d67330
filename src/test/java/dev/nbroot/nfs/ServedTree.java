package dev.nbroot.nfs;

import dev.nbroot.client.ClientViews;
import dev.nbroot.nfs.export.Export;
import dev.nbroot.nfs.export.LinkCounts;
import dev.nbroot.report.Events;
import dev.nbroot.state.Generation;
import dev.nbroot.state.StateDirectory;
import dev.nbroot.system.Invocation;
import dev.nbroot.system.Overlays;
import dev.nbroot.system.linux.LinuxCommands;
import dev.nbroot.system.linux.LinuxOverlays;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** A tree to serve that begins as a copy of another: a directory, or a client's view as {@code nbroot serve} opens it. */
final class ServedTree implements Export.Root {
    private final Path top;
    private final Generation generation;
    private final boolean isView;
    private Overlays.View view;

    /**
     * Makes the tree.
     *
     * @param top an empty directory
     * @param model what it begins as
     */
    ServedTree(Path top, Path model, boolean isView) throws IOException {
        this.top = top;
        this.isView = isView;
        generation = new StateDirectory(top).generation("r", 1);
        Files.createDirectories(generation.directory());
        new LinuxCommands(Events.none())
                .run(Invocation.of(
                        "cp", "-a", model.toString(), generation.tree().toString()));
        for (String layer : new String[] {"upper", "work"}) {
            Files.createDirectories(top.resolve(layer));
        }
        // What becomes the view's own root directory, see NewClient.
        Files.setPosixFilePermissions(top.resolve("upper"), Files.getPosixFilePermissions(model));
        make();
    }

    private void make() {
        if (isView) {
            view = new ClientViews(new StateDirectory(top), new LinuxOverlays()).open(top, generation);
        }
    }

    /** Closes and opens it, as a restart of {@code nbroot serve} does. */
    void reopen() {
        unmake();
        make();
    }

    @Override
    public Path open() {
        return path();
    }

    @Override
    public Optional<LinkCounts> links() {
        return isView ? Optional.of(view::links) : Optional.empty();
    }

    boolean isView() {
        return isView;
    }

    /** {@return the path by which this process reaches it} */
    Path path() {
        return isView ? view.path() : generation.tree();
    }

    /** {@return the path by which processes that this one starts reach it} */
    Path pathForOthers() {
        return Path.of(path().toString()
                .replaceFirst("^/proc/self/", "/proc/" + ProcessHandle.current().pid() + "/"));
    }

    void unmake() {
        if (view != null) {
            view.close();
            view = null;
        }
    }
}
