package dev.nbroot.build;

import dev.nbroot.report.Event;
import dev.nbroot.report.Events;
import dev.nbroot.report.Failure;
import dev.nbroot.system.TreeRemoval;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Finished parts of roots, so that a build begins where its inputs begin to differ.
 *
 * <pre>
 *   cache/layers/KIND-KEY/  tree.tar  layer.json
 * </pre>
 *
 * <p>A layer appears by rename, when it is whole and on disk. It is never changed afterwards; whoever uses one makes a
 * copy, and looks then whether the layer is still what it was, so that somebody may delete the cache at any time.
 */
final class LayerStore {
    private static final int KEY_LENGTH = 32;
    private static final int KEPT = 4;

    private final Path directory;
    private final Events events;

    LayerStore(Path cache, Events events) {
        directory = cache.resolve("layers");
        this.events = events;
    }

    /**
     * A layer on disk.
     *
     * @param directory has tree.tar and, when it is published, layer.json
     * @param facts what layer.json says
     */
    record Layer(Path directory, Facts facts) {
        Path archive() {
            return archive(directory);
        }

        /** {@return where a layer's files are, in a directory from {@link LayerStore#begin}} */
        static Path archive(Path making) {
            return making.resolve("tree.tar");
        }

        Path file() {
            return directory.resolve("layer.json");
        }
    }

    /**
     * What is known about a layer.
     *
     * @param inputs what decided it
     * @param fingerprint of its archive: no two layers have the same
     * @param epoch the SOURCE_DATE_EPOCH it was made with, in seconds
     */
    record Facts(LayerInputs inputs, String fingerprint, long epoch) {}

    /** {@return the layer that these inputs have made} */
    Optional<Layer> find(LayerInputs inputs) {
        Path at = path(inputs);
        Optional<Facts> facts = facts(at).filter(one -> one.inputs().equals(inputs));
        if (facts.isEmpty()) {
            explain(inputs);
            return Optional.empty();
        }
        try {
            Files.write(at.resolve("used"), new byte[0]);
        } catch (IOException e) {
            return Optional.empty();
        }
        return Optional.of(new Layer(at, facts.get()));
    }

    private Path path(LayerInputs inputs) {
        return directory.resolve(inputs.kind() + "-" + inputs.key().substring(0, KEY_LENGTH));
    }

    private Optional<Facts> facts(Path layer) {
        return CheckedJson.read(layer.resolve("layer.json"), Facts.class);
    }

    /** Compares with the likest layer of the same kind. */
    private void explain(LayerInputs inputs) {
        String label = "no cached " + inputs.kind() + " layer: ";
        Optional<LayerInputs> nearest = all(inputs.kind()).stream()
                .flatMap(path -> facts(path).stream())
                .map(Facts::inputs)
                .min(Comparator.comparingInt(inputs::distance));
        if (nearest.isEmpty()) {
            tell(label + "there is none yet");
        } else {
            inputs.changesSince(nearest.get()).forEach(change -> tell(label + change));
        }
    }

    private void tell(String text) {
        events.on(new Event.Notice(Event.Level.DETAIL, text));
    }

    /** {@return a directory in which a layer can be made; on the store's file system} */
    Path begin(LayerInputs inputs) {
        try {
            return Unfinished.begin(directory, inputs.kind());
        } catch (IOException e) {
            throw Failure.io("make a layer in", directory, e);
        }
    }

    /**
     * Publishes a layer whose archive is on disk already.
     *
     * @param making from {@link #begin}
     * @param replace whether it takes the place of one that is there; otherwise that stays, because the build that has
     *     made it may be copying it just now
     * @return the layer; that of another build, if it was faster
     */
    Layer publish(Path making, Facts facts, boolean replace) {
        Path at = path(facts.inputs());
        Optional<Facts> there = facts(at).filter(one -> one.inputs().equals(facts.inputs()));
        if (!replace && there.isPresent()) {
            TreeRemoval.remove(making);
            return new Layer(at, there.get());
        }
        try {
            Files.write(making.resolve("layer.json"), CheckedJson.bytes(facts));
            Files.createFile(making.resolve("used"));
            discard(at);
            Files.move(making, at, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileSystemException e) {
            if (!Files.isDirectory(at)) {
                throw Failure.io("publish the layer", at, e);
            }
            // Another build has just made the same.
            TreeRemoval.remove(making);
            return new Layer(at, facts(at).orElse(facts));
        } catch (IOException e) {
            throw Failure.io("publish the layer", at, e);
        }
        prune(facts.inputs().kind());
        return new Layer(at, facts);
    }

    /**
     * Deletes a layer that is not what it was, unless another build has put a new one in its place. It vanishes at once,
     * so that nobody finds half of it.
     */
    void discard(Layer layer) {
        if (facts(layer.directory()).filter(layer.facts()::equals).isPresent()) {
            discard(layer.directory());
        }
    }

    /** Deletes a layer, whatever it is; it vanishes at once. */
    void discard(Path layer) {
        if (!Files.exists(layer)) {
            return;
        }
        try {
            Path away = Unfinished.beside(directory, "old");
            try {
                Files.move(layer, away.resolve("layer"), StandardCopyOption.ATOMIC_MOVE);
            } catch (NoSuchFileException e) {
                // Somebody else has deleted it meanwhile.
            }
            TreeRemoval.remove(away);
        } catch (NoSuchFileException e) {
            // The whole cache is being deleted.
        } catch (IOException e) {
            throw Failure.io("delete the layer", layer, e);
        }
    }

    /** Keeps the layers of one kind that were used last. */
    private void prune(String kind) {
        List<Path> layers = all(kind);
        if (layers.size() <= KEPT) {
            return;
        }
        layers.stream()
                .sorted(Comparator.comparing(LayerStore::lastUse).reversed())
                .skip(KEPT)
                .forEach(this::discard);
    }

    static FileTime lastUse(Path layer) {
        try {
            return Files.getLastModifiedTime(layer.resolve("used"));
        } catch (IOException e) {
            return FileTime.fromMillis(0);
        }
    }

    /** {@return all layers there are} */
    List<Path> all() {
        return all("[!.]*");
    }

    private List<Path> all(String kind) {
        List<Path> found = new ArrayList<>();
        if (!Files.isDirectory(directory)) {
            return found;
        }
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory, kind + "-*")) {
            entries.forEach(found::add);
        } catch (NoSuchFileException e) {
            // The cache has just been deleted.
            return found;
        } catch (IOException e) {
            throw Failure.io("list", directory, e);
        }
        return found;
    }
}
