package dev.nbroot.client;

import dev.nbroot.report.Failure;
import dev.nbroot.system.Overlays;
import dev.nbroot.system.TreeRemoval;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A writable view that leaves nothing: its upper layer lives in a temporary directory. If nbroot is killed, that
 * directory stays in the cache, which may be deleted at any time.
 */
public final class ThrowawayView implements Overlays.View {
    private final Path directory;
    private final Overlays.View view;

    private ThrowawayView(Path directory, Overlays.View view) {
        this.directory = directory;
        this.view = view;
    }

    static ThrowawayView open(Overlays overlays, List<Path> lowers, Path parent) {
        Path directory = null;
        try {
            Files.createDirectories(parent);
            directory = Files.createTempDirectory(parent, "view-");
            Path upper = Files.createDirectory(directory.resolve("upper"));
            Path work = Files.createDirectory(directory.resolve("work"));
            LayerTop.copy(lowers.get(0), upper);
            return new ThrowawayView(directory, overlays.open(lowers, upper, work));
        } catch (IOException e) {
            throw dropped(directory, Failure.io("make a temporary view in", parent, e));
        } catch (Failure e) {
            throw dropped(directory, e);
        }
    }

    private static Failure dropped(Path directory, Failure reason) {
        if (directory != null) {
            try {
                TreeRemoval.remove(directory);
            } catch (Failure more) {
                reason.addSuppressed(more);
            }
        }
        return reason;
    }

    @Override
    public Path path() {
        return view.path();
    }

    @Override
    public int links(int handleType, byte[] handle, int shown) {
        return view.links(handleType, handle, shown);
    }

    @Override
    public void close() {
        view.close();
        TreeRemoval.remove(directory);
    }
}
