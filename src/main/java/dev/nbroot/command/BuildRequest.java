package dev.nbroot.command;

import java.nio.file.Path;
import java.util.List;

/**
 * What {@code nbroot build} is asked for.
 *
 * @param profile the YAML file
 * @param sets {@code key.path=value} options
 * @param fresh build even if nothing changed, from the beginning
 * @param dryRun say what would be done, do nothing
 * @param locked take exactly the packages of the lock file beside the profile
 * @param offline touch no network
 */
public record BuildRequest(
        Path profile, List<String> sets, boolean fresh, boolean dryRun, boolean locked, boolean offline) {
    /** Copies the list. */
    public BuildRequest {
        sets = List.copyOf(sets);
    }

    /** {@return a plain build of a profile} */
    public static BuildRequest of(Path profile) {
        return new BuildRequest(profile, List.of(), false, false, false, false);
    }
}
