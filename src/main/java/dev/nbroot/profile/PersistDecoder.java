package dev.nbroot.profile;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Decodes {@code persist}: directories of stateless clients that the server keeps.
 *
 * <pre>{@code
 * persist: [/home, /var/lib/postgresql]
 * }</pre>
 */
final class PersistDecoder {
    /** They become names of files and units, and words of the initrd's shell, for which other characters mean something. */
    private static final Shape DIRECTORY = Shape.of(
            "a directory to be kept",
            "(/(?!\\.{1,2}(/|$))[A-Za-z0-9._+@-]+)+",
            "begin with / and use letters, digits, . _ + @ -, as in /var/lib/postgresql");

    static final Form.ListOf FORM = Form.listOf(DIRECTORY);

    private PersistDecoder() {}

    static List<Path> decode(Cursor list) {
        Map<Path, Position> paths = new LinkedHashMap<>();
        for (Cursor item : list.list()) {
            Optional<Path> path = item.rootPath();
            if (path.isPresent()) {
                Optional<Path> other = paths.keySet().stream()
                        .filter(one -> one.startsWith(path.get()) || path.get().startsWith(one))
                        .findFirst();
                other.ifPresent(one -> refuse(item, path.get(), one));
                paths.putIfAbsent(path.get(), item.value().at());
            }
        }
        return list.noted(paths);
    }

    /** Two that lie inside each other would hide one another, depending on which is mounted last. */
    private static void refuse(Cursor item, Path path, Path other) {
        if (path.equals(other)) {
            item.refuse(path + " is kept already", "name it once");
        } else {
            item.refuse(path + " and " + other + " lie inside each other", "keep the outer one only");
        }
    }
}
