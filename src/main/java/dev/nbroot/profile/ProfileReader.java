package dev.nbroot.profile;

import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import java.nio.file.Path;
import java.util.List;

/** Reads profiles: YAML files, what they include, and {@code --set} options. */
public final class ProfileReader {
    private final Path home;

    /**
     * Makes a reader.
     *
     * @param home what {@code ~} means in {@code file:~/.ssh/id_ed25519.pub}
     */
    public ProfileReader(Path home) {
        this.home = home;
    }

    /**
     * Reads a profile and checks all of it.
     *
     * @param profile the file; its name in messages is the one given here
     * @param sets {@code key.path=value} options, later ones win; the value is YAML. Maps are merged, lists replaced
     * @throws Failure of kind {@code INVALID_INPUT}: the first problem is the message, all others are the details,
     *     each beginning with {@code file:line:column}
     */
    public Profile read(Path profile, List<String> sets) {
        throw Failure.of(FailureKind.INVALID_INPUT, "profiles cannot be read yet: " + profile, home.toString());
    }
}
