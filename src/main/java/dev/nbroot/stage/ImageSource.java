package dev.nbroot.stage;

import dev.nbroot.report.Failure;
import dev.nbroot.state.Generation;

/** Where the images of generations come from. */
public interface ImageSource {
    /**
     * {@return a generation's image, which is made now if it was not made before}
     *
     * @throws Failure of kind {@code HOST} when this host cannot make it, {@code INVALID_INPUT} when the generation's
     *     initrd cannot fetch it, {@code FAILED} when the disk is full or at an I/O error
     */
    BootImage get(Generation generation);

    /** {@return what is known of a generation's image, without making it} Fails as {@link #get} would at once. */
    BootImage planned(Generation generation);
}
