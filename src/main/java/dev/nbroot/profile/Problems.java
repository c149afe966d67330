package dev.nbroot.profile;

import java.util.ArrayList;
import java.util.List;

/** What is wrong with a profile: collected, so that one run tells all of it, and each thing once. */
final class Problems {
    private final List<Problem> found = new ArrayList<>();

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
     * {@return all of them in order}
     *
     * @param main the profile's own name: its problems come first, those of options and includes follow
     */
    List<Problem> sorted(String main) {
        return found.stream().sorted(Problem.order(main)).toList();
    }
}
