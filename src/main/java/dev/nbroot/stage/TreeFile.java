package dev.nbroot.stage;

import dev.nbroot.system.Sha256;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** One file that the boot tree shall hold. */
public sealed interface TreeFile {

    /** {@return where, relative to the tree} */
    Path path();

    /** {@return SHA-256 of its contents, 64 lower-case hexadecimal digits} */
    String sha256();

    /** A small text of our own. */
    record Text(Path path, String text) implements TreeFile {
        @Override
        public String sha256() {
            return Sha256.of(text.getBytes(StandardCharsets.UTF_8));
        }
    }

    /**
     * A copy of a file: never a link, because a link would share owner and mode with the original and could lead out of
     * the tree.
     *
     * @param source what to copy
     * @param sha256 what it must hold: a source that turns out to hold anything else is not staged
     */
    record Copy(Path path, Path source, String sha256) implements TreeFile {}
}
