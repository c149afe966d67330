package dev.nbroot.client;

import dev.nbroot.report.Failure;
import dev.nbroot.state.Generation;
import dev.nbroot.system.OverlayMount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/**
 * The layers of a persistent client's view.
 *
 * @param directory the client's directory, which may still be a temporary one
 * @param generation what the view lies over
 */
record ClientLayers(Path directory, Generation generation) {
    static final String OWNER_ONLY = "rwx------";
    static final String PUBLIC = "rwxr-xr-x";

    Path upper() {
        return directory.resolve("upper");
    }

    /** {@return where the kernel keeps what it must find again: a part of {@code work/}, made at the first mount} */
    Path index() {
        return work().resolve("index");
    }

    private Path work() {
        return directory.resolve("work");
    }

    /** Makes them, empty. */
    void make() {
        try {
            make(upper(), OWNER_ONLY);
            LayerTop.copy(generation.tree(), upper());
            make(work(), OWNER_ONLY);
            make(directory.resolve("root"), PUBLIC);
        } catch (IOException e) {
            throw Failure.io("make the client's layers in", directory, e);
        }
    }

    /** {@return the view, to be mounted in a private namespace} */
    OverlayMount mount() {
        return new OverlayMount(List.of(generation.tree()), upper(), work());
    }

    static void make(Path directory, String mode) throws IOException {
        Files.createDirectory(directory);
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString(mode));
    }
}
