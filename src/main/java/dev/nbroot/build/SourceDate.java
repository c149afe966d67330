package dev.nbroot.build;

import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import java.util.Optional;
import java.util.OptionalLong;

/** The environment variable by which reproducible builds are told the time (reproducible-builds.org's specification). */
public final class SourceDate {
    /** The year 9999, beyond which file systems and programs differ. */
    private static final String SECONDS = "[0-9]{1,12}";

    private SourceDate() {}

    /**
     * {@return seconds since 1970; absent when the variable is not set or empty}
     *
     * @throws Failure of kind {@code USAGE} for anything but a plain number
     */
    public static OptionalLong parse(Optional<String> variable) {
        String text = variable.orElse("");
        if (text.isEmpty()) {
            return OptionalLong.empty();
        }
        if (!text.matches(SECONDS)) {
            throw Failure.of(
                    FailureKind.USAGE,
                    "SOURCE_DATE_EPOCH is not a number of seconds: " + text,
                    "set it as in SOURCE_DATE_EPOCH=$(date +%s), or unset it");
        }
        return OptionalLong.of(Long.parseLong(text));
    }
}
