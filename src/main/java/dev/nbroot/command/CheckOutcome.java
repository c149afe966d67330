package dev.nbroot.command;

import java.nio.file.Path;
import java.util.List;

/**
 * What {@code nbroot check} found.
 *
 * @param profile the file
 * @param ok whether it can be built
 * @param errors why not
 * @param warnings what is only unwise
 */
public record CheckOutcome(Path profile, boolean ok, List<Remark> errors, List<Remark> warnings) {
    /** Copies the lists. */
    public CheckOutcome {
        errors = List.copyOf(errors);
        warnings = List.copyOf(warnings);
    }

    /**
     * One thing that was found.
     *
     * @param place where
     * @param message one sentence
     * @param hint what to try; or empty
     */
    public record Remark(Place place, String message, String hint) {}
}
