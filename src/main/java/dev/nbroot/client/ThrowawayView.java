package dev.nbroot.client;

import dev.nbroot.report.Failure;
import dev.nbroot.state.StateDirectory;
import dev.nbroot.state.TemporaryDirectory;
import dev.nbroot.system.Overlays;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A writable view that leaves nothing: its upper layer lives in a temporary directory.
 */
public final class ThrowawayView implements Overlays.View {
    private final TemporaryDirectory directory;
    private final Overlays.View view;

    private ThrowawayView(TemporaryDirectory directory, Overlays.View view) {
        this.directory = directory;
        this.view = view;
    }

    static ThrowawayView open(Overlays overlays, List<Path> lowers, StateDirectory state) {
        TemporaryDirectory directory = TemporaryDirectory.make(state, "view");
        try {
            Path upper = Files.createDirectory(directory.path().resolve("upper"));
            Path work = Files.createDirectory(directory.path().resolve("work"));
            LayerTop.copy(lowers.get(0), upper);
            return new ThrowawayView(directory, overlays.open(lowers, upper, work));
        } catch (IOException e) {
            throw dropped(directory, Failure.io("make a temporary view in", directory.path(), e));
        } catch (Failure e) {
            throw dropped(directory, e);
        }
    }

    private static Failure dropped(TemporaryDirectory directory, Failure reason) {
        try {
            directory.close();
        } catch (Failure more) {
            reason.addSuppressed(more);
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
        directory.close();
    }
}
