package dev.nbroot.command;

import dev.nbroot.profile.Position;
import dev.nbroot.profile.Profile;
import dev.nbroot.profile.ProfileReader;
import dev.nbroot.profile.Setting;

/** {@code nbroot show}: a profile with everything it includes, options and defaults, and who set what. */
public final class ShowProfile {
    private final ProfileReader profiles;

    /** Wires the use case. */
    public ShowProfile(ProfileReader profiles) {
        this.profiles = profiles;
    }

    /**
     * Shows.
     *
     * @throws dev.nbroot.report.Failure of kind {@code INVALID_INPUT} when the profile cannot be read
     */
    public ShowOutcome run(ProfileRequest request) {
        Profile profile = profiles.read(request.profile(), request.sets());
        return new ShowOutcome(
                profile.name(),
                profile.directory(),
                profile.yaml(),
                profile.plain(),
                profile.settings().stream().map(ShowProfile::setting).toList());
    }

    private static ShowOutcome.Setting setting(Setting setting) {
        return new ShowOutcome.Setting(
                setting.path(), setting.value(), setting.origin().map(ShowProfile::place));
    }

    private static Place place(Position at) {
        return new Place(at.source(), at.line(), at.column());
    }
}
