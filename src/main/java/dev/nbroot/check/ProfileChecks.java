package dev.nbroot.check;

import dev.nbroot.profile.Problem;
import dev.nbroot.profile.Profile;
import dev.nbroot.profile.Reading;
import dev.nbroot.release.BootContract;
import dev.nbroot.release.Release;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Judges profiles: the one place for whatever can be known without root, without a mirror and without the host. */
public final class ProfileChecks {
    /** As in {@code users[0].name: ...}, up to the bracket. */
    private static final Pattern LIST = Pattern.compile("[a-z_.]+(?=\\[)");

    private final BootContract contract;

    /** Judges by these releases. */
    public ProfileChecks(BootContract contract) {
        this.contract = contract;
    }

    /** {@return what is to be said about a profile} */
    public Verdict judge(Profile profile) {
        Findings findings = new Findings(profile);
        RootFiles files = new RootFiles(profile);
        Optional<Release> release = ReleaseChecks.judge(profile, contract, findings);
        AddressChecks.judge(profile, findings);
        PackageChecks.judge(profile, release, findings);
        NetworkChecks.judge(profile, files, findings);
        ServiceChecks.judge(profile, findings);
        ScratchChecks.judge(profile, findings);
        PersistChecks.judge(profile, findings);
        KernelChecks.judge(profile, release, findings);
        AccountChecks.judge(profile, findings);
        FileChecks.judge(profile, files, findings);
        HookChecks.judge(profile, findings);
        return findings.verdict();
    }

    /**
     * {@return what is to be said about a profile that may not even be readable}
     *
     * <p>A value that the reader could not take is not judged a second time, nor the list that it is in.
     */
    public Verdict judge(Reading reading) {
        if (reading.profile().isEmpty()) {
            return new Verdict(reading.problems(), List.of());
        }
        Profile profile = reading.profile().get();
        Verdict verdict = judge(profile);
        Predicate<Problem> isNew = problem -> reading.problems().stream()
                .noneMatch(known -> known.at().equals(problem.at())
                        || (!list(known).isEmpty() && list(known).equals(list(problem))));
        List<Problem> errors = Stream.concat(
                        reading.problems().stream(), verdict.errors().stream().filter(isNew))
                .sorted(Problem.order(profile.provenance().file().toString()))
                .toList();
        return new Verdict(errors, verdict.warnings().stream().filter(isNew).toList());
    }

    /** {@return the list that a problem is in; a bad entry is missing in the profile, and all behind it are counted wrong} */
    private static String list(Problem problem) {
        Matcher matcher = LIST.matcher(problem.message());
        return matcher.lookingAt() ? matcher.group() : "";
    }

    /**
     * {@return the profile that was read}
     *
     * @param unwise takes the warnings
     * @throws dev.nbroot.report.Failure of kind {@code INVALID_INPUT} when there is any error, the reader's or ours
     */
    public Profile require(Reading reading, Consumer<Problem> unwise) {
        Verdict verdict = judge(reading);
        if (!verdict.errors().isEmpty()) {
            throw Problem.failure(verdict.errors());
        }
        verdict.warnings().forEach(unwise);
        return reading.orThrow();
    }

    /**
     * {@return the release that the profile wants}
     *
     * @throws dev.nbroot.report.Failure of kind {@code INVALID_INPUT} when there is any error
     */
    public Release require(Profile profile) {
        List<Problem> errors = judge(profile).errors();
        if (!errors.isEmpty()) {
            throw Problem.failure(errors);
        }
        return contract.find(profile.bootstrap().suite()).orElseThrow();
    }
}
