package dev.nbroot.stage;

import java.nio.file.Path;

/**
 * A generation's tree as one squashfs file, for machines that hold their root in memory.
 *
 * @param file where it lies, beside the generation's kernel
 * @param sha256 of all of it, which the kernel's command line carries; {@link #NOT_YET} when it is still to be made
 * @param size in bytes; 0 when it is still to be made
 */
public record BootImage(Path file, String sha256, long size) {
    /** What a plan says of an image that the real run will make. */
    public static final String NOT_YET = "known-when-it-is-staged";

    /** {@return whether it is there} */
    boolean isMade() {
        return !sha256.equals(NOT_YET);
    }
}
