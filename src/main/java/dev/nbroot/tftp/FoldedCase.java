package dev.nbroot.tftp;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds a file whose name differs only in case. */
final class FoldedCase {
    private FoldedCase() {}

    /**
     * {@return the existing path, or the asked one if there is none}
     *
     * @param top an existing directory
     * @param asked a normalized path below it
     */
    static Path find(Path top, Path asked) throws IOException {
        Path found = top;
        for (Path part : top.relativize(asked)) {
            Path exact = found.resolve(part);
            if (Files.exists(exact, LinkOption.NOFOLLOW_LINKS)) {
                found = exact;
                continue;
            }
            Optional<Path> other = Files.isDirectory(found) ? other(found, part.toString()) : Optional.empty();
            if (other.isEmpty()) {
                return asked;
            }
            found = other.get();
        }
        return found;
    }

    private static Optional<Path> other(Path directory, String name) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.filter(e -> e.getFileName().toString().equalsIgnoreCase(name))
                    .min(Comparator.naturalOrder());
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
