package dev.nbroot.check;

import dev.nbroot.profile.Position;
import dev.nbroot.profile.Problem;
import dev.nbroot.profile.Profile;
import java.util.ArrayList;
import java.util.List;

/** What the checks find in one profile, each with the place that set the value. */
final class Findings {
    private final Profile profile;
    private final List<Problem> errors = new ArrayList<>();
    private final List<Problem> warnings = new ArrayList<>();

    Findings(Profile profile) {
        this.profile = profile;
    }

    /**
     * Notes what cannot work.
     *
     * @param key as in {@code packages[2]}
     */
    void error(String key, String message, String hint) {
        errors.add(problem(key, message, hint));
    }

    /** Notes what is unwise. */
    void warning(String key, String message, String hint) {
        warnings.add(problem(key, message, hint));
    }

    private Problem problem(String key, String message, String hint) {
        Position at = profile.where(key);
        boolean said = at.source().equals("--set " + key);
        return new Problem(at, said ? message : key + ": " + message, hint);
    }

    Verdict verdict() {
        String main = profile.provenance().file().toString();
        return new Verdict(
                errors.stream().distinct().sorted(Problem.order(main)).toList(),
                warnings.stream().distinct().sorted(Problem.order(main)).toList());
    }
}
