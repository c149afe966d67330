package dev.nbroot.build;

import java.nio.file.Path;
import java.util.List;

/**
 * One archive and suite that the host's apt uses: an entry of sources.list(5) with several addresses or suites counts
 * several times.
 *
 * @param uri the archive's address, without slashes at its end
 * @param suite the suite, as in {@code bookworm-updates}
 * @param components archive areas
 * @param signedBy the value of {@code Signed-By}; empty when the entry has none
 * @param file where it was written
 */
record AptEntry(String uri, String suite, List<String> components, String signedBy, Path file) {
    AptEntry {
        components = List.copyOf(components);
    }

    boolean hasMain() {
        return components.contains("main");
    }
}
