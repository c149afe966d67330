package dev.nbroot.serve;

import dev.nbroot.nfs.NfsServer;
import dev.nbroot.nfs.export.Changes;
import dev.nbroot.nfs.export.Export;
import java.io.IOException;

/**
 * Lets go of generations that are gone: a file that is open takes space as long as it is. Views are not looked at; what
 * they lie on stays open until the end.
 */
final class DroppedExports {
    private final ExportTable table;
    private final NfsServer server;
    private final NfsActivity activity;

    DroppedExports(ExportTable table, NfsServer server, NfsActivity activity) {
        this.table = table;
        this.server = server;
        this.activity = activity;
    }

    void tick() {
        for (Export export : server.open()) {
            if (export.changes() == Changes.NEVER && table.find(export.id()).isEmpty()) {
                try {
                    server.release(export.id());
                } catch (IOException e) {
                    // It is tried again.
                    activity.failed("letting go of " + export.path(), e);
                }
            }
        }
    }
}
