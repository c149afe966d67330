package dev.nbroot.serve;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** Lets go of generations that are gone: a file that is open takes space as long as it is. Used by one thread. */
final class DroppedExports {
    /** Closes everything that is open of an export. */
    @FunctionalInterface
    interface Closing {
        void release(long id) throws IOException;
    }

    private final ExportTable table;
    private final Closing server;
    private final NfsActivity activity;
    private final Map<Long, String> open = new HashMap<>();

    DroppedExports(ExportTable table, Closing server, NfsActivity activity) {
        this.table = table;
        this.server = server;
        this.activity = activity;
    }

    void tick() {
        Map<Long, String> now = table.entries().stream()
                .filter(entry -> entry.client().isEmpty() && entry.generation().isPresent())
                .collect(Collectors.toMap(
                        entry -> entry.export().id(), entry -> entry.export().path(), (one, other) -> one));
        open.entrySet().removeIf(gone -> !now.containsKey(gone.getKey()) && release(gone));
        open.putAll(now);
    }

    /** {@return whether it is closed; otherwise it is tried again} */
    private boolean release(Map.Entry<Long, String> gone) {
        try {
            server.release(gone.getKey());
            return true;
        } catch (IOException e) {
            activity.failed("letting go of " + gone.getValue(), e);
            return false;
        }
    }
}
