package dev.nbroot.check;

import dev.nbroot.profile.Problem;
import java.util.List;

/**
 * What is to be said about a profile.
 *
 * @param errors why it cannot be built, or would not boot; in the order of the profile's lines
 * @param warnings what is unwise
 */
public record Verdict(List<Problem> errors, List<Problem> warnings) {

    /** Copies the lists. */
    public Verdict {
        errors = List.copyOf(errors);
        warnings = List.copyOf(warnings);
    }
}
