package dev.nbroot.build;

import dev.nbroot.system.AtomicFile;
import dev.nbroot.system.Sha256;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What was chosen for a request the last time: right as long as the archives are in the same state. */
final class SelectionCache {
    private static final String PRIVATE = "rw-------";

    private final Path file;
    private final List<String> request;

    /**
     * Looks after one request.
     *
     * @param request everything that decides the choice but the archives' state
     */
    SelectionCache(Path cache, List<String> request) {
        this.request = List.copyOf(request);
        file = cache.resolve("selections").resolve(Sha256.of(String.join("\n", request)) + ".json");
    }

    /**
     * What was chosen.
     *
     * @param request of whom
     * @param state the archives' state then
     */
    record Entry(List<String> request, List<String> state, Selection selection) {}

    /** {@return what was chosen the last time; a damaged file counts as none} */
    Optional<Entry> find() {
        return CheckedJson.read(file, Entry.class)
                .filter(entry -> entry.request().equals(request));
    }

    void keep(List<String> state, Selection selection) {
        AtomicFile.write(file, CheckedJson.bytes(new Entry(request, state, selection)), PRIVATE);
    }
}
