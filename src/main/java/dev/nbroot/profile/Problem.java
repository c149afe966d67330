package dev.nbroot.profile;

import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import java.util.Comparator;
import java.util.List;

/**
 * Something wrong with a profile.
 *
 * @param at where
 * @param message what, beginning with the value's name; one sentence without a final full stop
 * @param hint what to try; or empty
 */
public record Problem(Position at, String message, String hint) {

    /** {@return the place and the sentence} */
    public String sentence() {
        return at + ": " + message;
    }

    /**
     * {@return how problems are told: a profile's own first, then by file, line and column}
     *
     * @param main the profile, as the user named it
     */
    public static Comparator<Problem> order(String main) {
        return Comparator.comparing((Problem problem) -> !problem.at().source().equals(main))
                .thenComparing(problem -> problem.at().source())
                .thenComparing(problem -> problem.at().line())
                .thenComparing(problem -> problem.at().column());
    }

    /**
     * {@return the failure that tells all of them}
     *
     * @param problems at least one; the first is the message, the others are the details
     */
    public static Failure failure(List<Problem> problems) {
        Problem first = problems.get(0);
        List<String> others = problems.stream()
                .skip(1)
                .map(problem -> problem.sentence() + (problem.hint().isEmpty() ? "" : " (" + problem.hint() + ")"))
                .toList();
        return Failure.of(FailureKind.INVALID_INPUT, first.sentence(), first.hint())
                .withDetails(others);
    }
}
