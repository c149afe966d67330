package dev.nbroot.profile;

import java.util.List;
import java.util.Optional;

/**
 * What became of reading a profile.
 *
 * @param profile what it says, as far as it could be understood: values in which there is a problem are missing or have their
 *     default; absent when the files could not be read or merged
 * @param problems all of them, the profile's own first, each file's in the order of its lines; none when all is well
 */
public record Reading(Optional<Profile> profile, List<Problem> problems) {

    /** Copies the list. */
    public Reading {
        problems = List.copyOf(problems);
    }

    /**
     * {@return the profile}
     *
     * @throws dev.nbroot.report.Failure of kind {@code INVALID_INPUT} when there is any problem: the first is the message,
     *     all others are the details, each beginning with {@code file:line:column} or {@code --set key}
     */
    public Profile orThrow() {
        if (!problems.isEmpty()) {
            throw Problem.failure(problems);
        }
        return profile.orElseThrow(() -> new IllegalStateException("no profile, and no problem"));
    }
}
