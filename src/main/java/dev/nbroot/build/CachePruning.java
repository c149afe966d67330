package dev.nbroot.build;

import dev.nbroot.report.Events;
import dev.nbroot.report.Failure;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.ToLongFunction;

/**
 * Deletes from the cache what no build has used for long. Needs no lock: builds work on hard links of package files, and
 * on copies of layers that they check afterwards; and what was used within an hour stays in any case.
 *
 * <p>When a package file was used last is its time of status change, because a build that uses one links it.
 */
public final class CachePruning {
    private static final Duration BUSY = Duration.ofHours(1);
    private static final Duration LEFT = Duration.ofDays(1);

    private final Path cache;
    private final LayerStore layers;
    private final ToLongFunction<Path> sizes;

    /**
     * Prunes one cache.
     *
     * @param sizes tells how many bytes of disk a tree takes
     */
    public CachePruning(Path cache, Events events, ToLongFunction<Path> sizes) {
        this.cache = cache;
        this.layers = new LayerStore(cache, events);
        this.sizes = sizes;
    }

    /**
     * What is too much.
     *
     * @param age unused for so long
     * @param most bytes that the cache may have; what was used longest ago goes first
     */
    public record Limits(Duration age, OptionalLong most) {}

    /**
     * What was deleted, or would be.
     *
     * @param packages package files, fetched and decompressed ones
     * @param layers parts of roots
     * @param bytes their size
     */
    public record Pruned(int packages, int layers, long bytes) {}

    /** One thing of the cache that can go by itself. */
    private record Item(Path path, boolean layer, Instant used, long bytes) {}

    /**
     * Prunes.
     *
     * @throws Failure of kind {@code FAILED} at an I/O error
     */
    public Pruned prune(Instant now, Limits limits, boolean dryRun) {
        List<Item> items = new ArrayList<>();
        items.addAll(packages("debs"));
        items.addAll(packages("plain"));
        items.addAll(layers());
        items.sort(Comparator.comparing(Item::used));
        long total = items.stream().mapToLong(Item::bytes).sum();
        int files = 0;
        int trees = 0;
        long bytes = 0;
        for (Item item : items) {
            Duration unused = Duration.between(item.used(), now);
            boolean old = unused.compareTo(limits.age()) >= 0;
            boolean tooMuch =
                    limits.most().isPresent() && total - bytes > limits.most().getAsLong();
            if (unused.compareTo(BUSY) < 0 || !old && !tooMuch) {
                continue;
            }
            if (!dryRun) {
                delete(item);
            }
            bytes += item.bytes();
            files += item.layer() ? 0 : 1;
            trees += item.layer() ? 1 : 0;
        }
        if (!dryRun) {
            dropUnfinished(now);
        }
        return new Pruned(files, trees, bytes);
    }

    private List<Item> packages(String kind) {
        List<Item> found = new ArrayList<>();
        for (Path directory : entries(cache.resolve(kind))) {
            for (Path file : entries(directory)) {
                if (file.getFileName().toString().matches("[0-9a-f]{64}\\.deb")) {
                    try {
                        found.add(new Item(file, false, changed(file), Files.size(file)));
                    } catch (NoSuchFileException e) {
                        // Somebody deletes it just now.
                        continue;
                    } catch (IOException e) {
                        throw Failure.io("look at", file, e);
                    }
                }
            }
        }
        return found;
    }

    private List<Item> layers() {
        return layers.all().stream()
                .map(layer -> new Item(layer, true, LayerStore.lastUse(layer).toInstant(), sizes.applyAsLong(layer)))
                .toList();
    }

    private static Instant changed(Path file) throws IOException {
        return ((FileTime) Files.getAttribute(file, "unix:ctime", LinkOption.NOFOLLOW_LINKS)).toInstant();
    }

    private void delete(Item item) {
        if (item.layer()) {
            layers.discard(item.path());
            return;
        }
        try {
            // Without it a decompressed file is not used any more.
            Files.deleteIfExists(item.path()
                    .resolveSibling(item.path().getFileName().toString().replace(".deb", ".crc32")));
            Files.deleteIfExists(item.path());
        } catch (IOException e) {
            throw Failure.io("delete from the cache", item.path(), e);
        }
    }

    /** What killed builds and tests have left. */
    private void dropUnfinished(Instant now) {
        try {
            for (String kind : List.of("layers", "lists", "lock")) {
                if (Files.isDirectory(cache.resolve(kind))) {
                    Unfinished.sweep(cache.resolve(kind));
                }
            }
            for (String kind : List.of("debs", "plain")) {
                for (Path directory : entries(cache.resolve(kind))) {
                    for (Path file : entries(directory)) {
                        if (file.getFileName().toString().startsWith(".") && isOlder(file, now)) {
                            Files.deleteIfExists(file);
                        }
                    }
                }
            }
        } catch (NoSuchFileException e) {
            // The whole cache is being deleted.
            return;
        } catch (IOException e) {
            throw Failure.io("clear leftovers from", cache, e);
        }
    }

    private static boolean isOlder(Path file, Instant now) throws IOException {
        return changed(file).plus(LEFT).isBefore(now);
    }

    private static List<Path> entries(Path directory) {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            entries.forEach(found::add);
        } catch (NoSuchFileException | NotDirectoryException e) {
            return found;
        } catch (IOException e) {
            throw Failure.io("list", directory, e);
        }
        return found;
    }
}
