package dev.nbroot.stage;

import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import dev.nbroot.state.ClientMode;
import dev.nbroot.state.Generation;
import dev.nbroot.state.Manifest;
import dev.nbroot.state.SharedTree;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A generation as the boot tree needs it.
 *
 * @param mode what machines that are no clients get (boot.mode)
 * @param image its tree in one file, if a machine holds it in memory
 */
public record StagedGeneration(Generation generation, Manifest manifest, String mode, Optional<BootImage> image) {
    /**
     * Takes a generation with its manifest.
     *
     * @throws Failure of kind {@code INVALID_INPUT} when the manifest lacks what booting needs: it may have been edited
     */
    public static StagedGeneration of(Generation generation, Manifest manifest) {
        if (manifest == null
                || manifest.suite() == null
                || manifest.architecture() == null
                || manifest.generator() == null
                || manifest.boot() == null
                || manifest.boot().mode() == null) {
            throw Failure.of(
                    FailureKind.INVALID_INPUT,
                    generation.manifest() + " does not say how to boot " + generation.label(),
                    "build the root again: nbroot build PROFILE.yaml --fresh");
        }
        return new StagedGeneration(generation, manifest, manifest.boot().mode(), Optional.empty());
    }

    /** {@return the same with its image} */
    public StagedGeneration with(BootImage made) {
        return new StagedGeneration(generation, manifest, mode, Optional.of(made));
    }

    /** {@return whether machines that are no clients hold it in memory} */
    public boolean isForMemory() {
        return mode.equals(ClientMode.TORAM.word());
    }

    /** {@return whether machines that are no clients take turns with one tree} */
    public boolean isShared() {
        return mode.equals(SharedTree.MODE);
    }

    /** {@return the same, whatever its own manifest says about it, as what a root's shared tree lies over} */
    public StagedGeneration shared() {
        return new StagedGeneration(generation, manifest, SharedTree.MODE, image);
    }

    /** {@return where its kernel lies in the tree: the path has the number, so that no file ever changes its meaning} */
    Path kernelPath() {
        return kernelPath(generation);
    }

    /** {@return where a generation's kernel lies in the tree} */
    public static Path kernelPath(Generation generation) {
        return directory(generation).resolve("vmlinuz");
    }

    /** {@return where its initrd lies in the tree} */
    Path initrdPath() {
        return directory(generation).resolve("initrd");
    }

    /** {@return where its image lies in the tree} */
    Path imagePath() {
        return directory(generation).resolve(SquashedImages.NAME);
    }

    private static Path directory(Generation generation) {
        return Path.of("nbroot", generation.root(), Integer.toString(generation.number()));
    }
}
