package dev.nbroot.nfs.v3;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** An export that is being opened, or could not be. Used by many threads. */
final class Opening {
    private final List<Runnable> waiting = new ArrayList<>();
    private boolean over;
    private IOException failure;

    /** Has something run when it is over: now, if it is. */
    void whenOver(Runnable task) {
        if (!wait(task)) {
            task.run();
        }
    }

    private synchronized boolean wait(Runnable task) {
        return !over && waiting.add(task);
    }

    /** @param why null when the export is open */
    void end(IOException why) {
        finish(why).forEach(Runnable::run);
    }

    private synchronized List<Runnable> finish(IOException why) {
        over = true;
        failure = why;
        return List.copyOf(waiting);
    }

    /** @throws IOException when it could not be opened */
    synchronized void check() throws IOException {
        if (failure != null) {
            throw new IOException(failure.getMessage(), failure);
        }
    }
}
