package dev.nbroot.build;

import dev.nbroot.profile.Profile;
import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Makes one sentence of what apt says when it refuses; its own lines stay as details. */
final class AptRefusal {
    private static final Pattern UNKNOWN_PACKAGE =
            Pattern.compile("E: (?:Unable to locate package (?<name>[^\\s:]+)\\S*"
                    + "|Package '(?<other>[^'\\s:]+)\\S*' has no installation candidate)");

    private static final Pattern BAD_FILE = Pattern.compile("E: Failed to fetch (?<uri>\\S+)\\s+(?<reason>.*\\S)\\s*");

    private AptRefusal() {}

    /** {@return a refused signature as a sentence; other failures as they are} */
    static Failure ofSignature(Failure failure, Path keyring) {
        if (failure.kind() != FailureKind.COMMAND) {
            return failure;
        }
        for (String line : failure.details()) {
            String reason = reason(line);
            if (!reason.isEmpty()) {
                return Failure.of(
                                failure.kind(),
                                "the archive's signature " + reason + " " + keyring + ": " + line.strip(),
                                "update the package that brings the key ring, set bootstrap.keyring (or the source's"
                                        + " key) to the one that the archive names, or use another mirror",
                                failure)
                        .withDetails(details(failure));
            }
        }
        return failure;
    }

    private static String reason(String line) {
        if (line.contains("NO_PUBKEY") || line.contains("couldn't be verified") || line.contains("Missing key")) {
            return "was not made with a key of";
        }
        if (line.contains("BADSIG") || line.contains("signatures were invalid") || line.contains("Bad signature")) {
            return "does not fit what it signs, or was made with a key that is no longer valid in";
        }
        boolean unsigned = line.contains("is not signed")
                || line.contains("Clearsigned file isn't valid")
                || line.contains("does not start with a cleartext signature")
                || line.contains("no longer signed");
        return unsigned ? "is missing; it cannot be verified with" : "";
    }

    /**
     * {@return a package that the archive does not have as the profile's fault; other failures as they are}
     *
     * @param profile who asked for it
     */
    static Failure ofPackage(Failure failure, Profile profile) {
        Optional<String> unknown = failure.details().stream()
                .map(UNKNOWN_PACKAGE::matcher)
                .filter(Matcher::matches)
                .map(matcher -> matcher.group(matcher.group("name") == null ? "other" : "name"))
                .findFirst();
        if (unknown.isEmpty() || failure.kind() != FailureKind.COMMAND) {
            return failure;
        }
        String name = unknown.get();
        int index = profile.packages().indexOf(name);
        return Failure.of(
                        FailureKind.INVALID_INPUT,
                        profile.where(index < 0 ? "bootstrap.suite" : "packages[" + index + "]")
                                + ": the archive has no package " + name + " for "
                                + profile.bootstrap().suite() + " "
                                + profile.bootstrap().architecture(),
                        "correct the name, or add its area to bootstrap.components or its archive to apt.sources",
                        failure)
                .withDetails(details(failure));
    }

    /** {@return a file that could not be fetched, or is not what was promised, by its address; others as they are} */
    static Failure ofDownload(Failure failure) {
        if (failure.kind() != FailureKind.COMMAND) {
            return failure;
        }
        return failure.details().stream()
                .map(BAD_FILE::matcher)
                .filter(Matcher::matches)
                .findFirst()
                .map(bad -> Failure.of(
                                FailureKind.FAILED,
                                "cannot fetch " + bad.group("uri") + ": " + bad.group("reason"),
                                "is the mirror complete, and nothing between it and this machine that changes files?"
                                        + " try again, or another mirror: bootstrap.mirror in the profile",
                                failure)
                        .withDetails(details(failure)))
                .orElse(failure);
    }

    private static List<String> details(Failure failure) {
        List<String> details = new ArrayList<>(List.of(failure.getMessage()));
        details.addAll(failure.details());
        return details;
    }
}
