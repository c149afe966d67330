package dev.nbroot.stage;

import dev.nbroot.state.Generation;
import dev.nbroot.state.Manifest;
import java.nio.file.Path;

/** A generation as the boot tree needs it. */
public record StagedGeneration(Generation generation, Manifest manifest) {
    /** {@return where its kernel lies in the tree: the path has the number, so that no file ever changes its meaning} */
    Path kernelPath() {
        return directory().resolve("vmlinuz");
    }

    /** {@return where its initrd lies in the tree} */
    Path initrdPath() {
        return directory().resolve("initrd");
    }

    private Path directory() {
        return Path.of("nbroot", generation.root(), Integer.toString(generation.number()));
    }
}
