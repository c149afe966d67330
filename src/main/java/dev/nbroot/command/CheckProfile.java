package dev.nbroot.command;

import dev.nbroot.check.ProfileChecks;
import dev.nbroot.check.Verdict;
import dev.nbroot.profile.Problem;
import dev.nbroot.profile.ProfileReader;
import dev.nbroot.profile.Reading;
import java.util.List;

/** {@code nbroot check}: everything about a profile that can be judged without root and without a mirror. */
public final class CheckProfile {
    private final ProfileReader profiles;
    private final ProfileChecks checks;

    /** Wires the use case. */
    public CheckProfile(ProfileReader profiles, ProfileChecks checks) {
        this.profiles = profiles;
        this.checks = checks;
    }

    /** Judges; what is wrong is in the outcome. */
    public CheckOutcome run(ProfileRequest request) {
        Reading reading = profiles.examine(request.profile(), request.sets());
        Verdict verdict = checks.judge(reading);
        return new CheckOutcome(
                request.profile(), verdict.errors().isEmpty(), remarks(verdict.errors()), remarks(verdict.warnings()));
    }

    private static List<CheckOutcome.Remark> remarks(List<Problem> problems) {
        return problems.stream()
                .map(problem -> new CheckOutcome.Remark(
                        new Place(
                                problem.at().source(),
                                problem.at().line(),
                                problem.at().column()),
                        problem.message(),
                        problem.hint()))
                .toList();
    }
}
