package dev.nbroot.build;

import dev.nbroot.report.Failure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What was in a tree at some time.
 *
 * @param directories the paths of what each directory had, by its own path; the top's is empty
 */
record TreeListing(Map<String, List<String>> directories) {
    private static final String DIRECTORY = "d ";

    /** {@return the listing from the lines that list-tree.sh writes} */
    static TreeListing of(List<String> lines) {
        Map<String, List<String>> directories = new HashMap<>();
        for (String line : lines) {
            String path = line.substring(DIRECTORY.length());
            if (line.startsWith(DIRECTORY)) {
                directories.computeIfAbsent(path, none -> new ArrayList<>());
            }
            if (!path.isEmpty()) {
                String parent = path.substring(0, Math.max(0, path.lastIndexOf('/')));
                directories.computeIfAbsent(parent, none -> new ArrayList<>()).add(path);
            }
        }
        return new TreeListing(directories);
    }

    /** Lists the site's tree into a file of its work directory. A tree with names that have line ends gets none. */
    static void write(BuildSite site, String name) {
        site.ask(
                "list-tree.sh",
                List.of(0, 9),
                site.tree().toString(),
                site.work().resolve(name).toString());
    }

    /** {@return what {@link #write} has written; absent when it could not} */
    static Optional<TreeListing> read(BuildSite site, String name) {
        Path file = site.work().resolve(name);
        try {
            if (!Files.exists(file)) {
                return Optional.empty();
            }
            // A name may be in another encoding, or in none.
            return Optional.of(of(new String(Files.readAllBytes(file), StandardCharsets.UTF_8)
                    .lines()
                    .toList()));
        } catch (IOException e) {
            throw Failure.io("read", file, e);
        }
    }

    /** {@return the paths of what was in a directory; absent when there was no such directory} */
    Optional<List<String>> in(String directory) {
        return Optional.ofNullable(directories.get(directory));
    }
}
