package dev.nbroot.serve;

import dev.nbroot.nfs.export.Export;
import dev.nbroot.state.ClientMode;
import dev.nbroot.state.ClientRecord;
import dev.nbroot.state.Generation;
import dev.nbroot.state.Generations;
import dev.nbroot.state.StateDirectory;
import dev.nbroot.state.StateFiles;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/** All trees of the state directory as exports; looked at again every second, so that new ones need no restart. */
final class ExportTable {
    private static final long FRESH_NANOS = Duration.ofSeconds(1).toNanos();

    /**
     * One export.
     *
     * @param client whose view it is; absent for a generation
     */
    record Entry(Export export, Optional<ClientRecord> client) {}

    private final StateDirectory state;
    private final Trees trees;
    private final LongSupplier nanoClock;
    private List<Entry> entries = List.of();
    private long readAt;

    ExportTable(StateDirectory state, Trees trees, LongSupplier nanoClock) {
        this.state = state;
        this.trees = trees;
        this.nanoClock = nanoClock;
        this.readAt = nanoClock.getAsLong() - 2 * FRESH_NANOS;
    }

    synchronized List<Entry> entries() {
        long now = nanoClock.getAsLong();
        if (now - readAt > FRESH_NANOS) {
            entries = read();
            readAt = now;
        }
        return entries;
    }

    Optional<Entry> find(long id) {
        return entries().stream().filter(entry -> entry.export().id() == id).findFirst();
    }

    private List<Entry> read() {
        List<Entry> found = new ArrayList<>();
        Generations generations = new Generations(state);
        for (String root : generations.roots()) {
            for (Generation generation : generations.all(root)) {
                String path = generation.tree().toString();
                found.add(new Entry(Export.immutable(path, () -> trees.open(generation)), Optional.empty()));
            }
        }
        for (ClientRecord client : new StateFiles(state).clients()) {
            if (client.mode() == ClientMode.PERSISTENT) {
                found.add(new Entry(view(client), Optional.of(client)));
            }
        }
        return List.copyOf(found);
    }

    /** A view's id depends on when it was made: handles of a client that was removed must not fit its successor. */
    private Export view(ClientRecord client) {
        Export byPath =
                Export.writable(state.client(client.mac()).resolve("root").toString(), () -> trees.open(client));
        return new Export(
                byPath.path(),
                Export.idOf(byPath.path() + " " + client.created()),
                byPath.root(),
                byPath.writable(),
                byPath.squash(),
                byPath.changes());
    }
}
