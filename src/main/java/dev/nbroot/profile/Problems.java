package dev.nbroot.profile;

import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** What is wrong with a profile: collected, so that one run tells all of it, and each thing once. */
final class Problems {
    private final List<Problem> found = new ArrayList<>();

    private record Problem(Position at, String message, String hint) {
        String sentence() {
            return at + ": " + message;
        }
    }

    void add(Position at, String message, String hint) {
        Problem problem = new Problem(at, message, hint);
        if (!found.contains(problem)) {
            found.add(problem);
        }
    }

    boolean none() {
        return found.isEmpty();
    }

    /**
     * Ends the reading if anything is wrong.
     *
     * @param main the profile's own name: its problems come first, those of options and includes follow
     */
    void throwIfAny(String main) {
        if (found.isEmpty()) {
            return;
        }
        found.sort(
                Comparator.comparing((Problem problem) -> !problem.at().source().equals(main))
                        .thenComparing(problem -> problem.at().source())
                        .thenComparing(problem -> problem.at().line())
                        .thenComparing(problem -> problem.at().column()));
        Problem first = found.get(0);
        List<String> others = found.stream()
                .skip(1)
                .map(problem -> problem.sentence() + (problem.hint().isEmpty() ? "" : " (" + problem.hint() + ")"))
                .toList();
        throw Failure.of(FailureKind.INVALID_INPUT, first.sentence(), first.hint())
                .withDetails(others);
    }
}
