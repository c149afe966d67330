package dev.nbroot.serve;

import dev.nbroot.nfs.export.Changes;
import dev.nbroot.nfs.export.Export;
import dev.nbroot.nfs.export.LinkCounts;
import dev.nbroot.nfs.export.Squash;
import dev.nbroot.state.ClientMode;
import dev.nbroot.state.ClientRecord;
import dev.nbroot.state.Generation;
import dev.nbroot.state.KeptDirectory;
import dev.nbroot.state.StateDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** All trees that are exported to anybody: those of the state directory, and the directories that rules are about. */
final class ExportTable {
    /**
     * One export.
     *
     * @param export the tree, with the most that anybody may do there
     * @param grants who may use it and how, the most exact first
     * @param client whose view it is, or who keeps it, if anybody does
     * @param generation what it is, or what the view lies over; none for a directory
     */
    record Entry(Export export, List<Grant> grants, Optional<ClientRecord> client, Optional<Generation> generation) {}

    private record View(Trees trees, ClientRecord client) implements Export.Root {
        @Override
        public Path open() throws IOException {
            return trees.open(client);
        }

        @Override
        public Optional<LinkCounts> links() {
            return Optional.of((type, handle, shown) -> trees.links(client, type, handle, shown));
        }

        @Override
        public void close() {
            trees.close(client);
        }
    }

    private record Kept(Trees trees, KeptDirectory directory) implements Export.Root {
        @Override
        public Path open() throws IOException {
            return trees.open(directory);
        }

        @Override
        public void close() {
            trees.close(directory);
        }
    }

    private final StateDirectory directory;
    private final ServedState state;
    private final Trees trees;
    private final Grants grants;
    private ServedState.Snapshot made;
    private List<Entry> entries = List.of();
    private Map<Long, Entry> byId = Map.of();

    ExportTable(StateDirectory directory, ServedState state, Trees trees, Grants grants) {
        this.directory = directory;
        this.state = state;
        this.trees = trees;
        this.grants = grants;
    }

    /** {@return whether what is written to these trees is kept} */
    boolean lasting() {
        return trees.lasting();
    }

    synchronized List<Entry> entries() {
        refresh();
        return entries;
    }

    synchronized Optional<Entry> find(long id) {
        refresh();
        return Optional.ofNullable(byId.get(id));
    }

    private void refresh() {
        ServedState.Snapshot now = state.now();
        if (now != made) {
            entries = make(now);
            byId = entries.stream()
                    .collect(Collectors.toMap(entry -> entry.export().id(), Function.identity(), (one, other) -> one));
            made = now;
        }
    }

    private List<Entry> make(ServedState.Snapshot now) {
        List<Entry> found = new ArrayList<>();
        for (Generation generation : now.generations()) {
            String path = generation.tree().toString();
            found.add(new Entry(
                    Export.immutable(path, () -> trees.open(generation)),
                    grants.of(new Subject.Root(generation.root())),
                    Optional.empty(),
                    Optional.of(generation)));
        }
        for (ClientRecord client : now.clients()) {
            if (client.mode().hasView()) {
                found.add(new Entry(
                        view(client),
                        client.mode() == ClientMode.SHARED
                                ? grants.shared(new Subject.Root(client.root()))
                                : grants.of(new Subject.View(client.mac())),
                        Optional.of(client),
                        Optional.of(directory.generation(client.root(), client.generation()))));
            }
        }
        for (ServedState.Kept kept : now.kept()) {
            found.add(new Entry(
                    kept(kept),
                    grants.of(new Subject.View(kept.client().mac())),
                    Optional.of(kept.client()),
                    Optional.empty()));
        }
        for (Subject.Directory shared : grants.directories()) {
            found.add(new Entry(shared(shared), grants.of(shared), Optional.empty(), Optional.empty()));
        }
        return List.copyOf(found);
    }

    private Export view(ClientRecord client) {
        Path root = directory.client(client.mac()).resolve("root");
        return own(client, Export.writable(root.toString(), new View(trees, client)));
    }

    private Export kept(ServedState.Kept kept) {
        String path = kept.directory().directory().toString();
        return own(kept.client(), Export.writable(path, new Kept(trees, kept.directory())));
    }

    /** The id depends on when the client was made: handles of one that was removed must not fit its successor. */
    private static Export own(ClientRecord client, Export byPath) {
        return new Export(
                byPath.path(),
                Export.idOf(byPath.path() + " " + client.created()),
                byPath.root(),
                byPath.writable(),
                byPath.squash(),
                byPath.changes());
    }

    /** Programs of this host write there too. */
    private static Export shared(Subject.Directory shared) {
        String path = shared.path().toString();
        return new Export(path, Export.idOf(path), shared::path, true, Squash.ROOT, Changes.ANYWHERE);
    }
}
