package dev.nbroot.build;

import dev.nbroot.profile.Profile;
import dev.nbroot.release.Release;
import java.util.List;

/**
 * What a build would do: a value, to be shown or performed.
 *
 * @param profile what is wanted
 * @param release what it is made of
 * @param inputs the hash of everything that decides the result
 * @param size an estimate of the tree's bytes
 * @param steps in order
 */
public record BuildPlan(Profile profile, Release release, String inputs, long size, List<BuildStep> steps) {
    /** Copies the list. */
    public BuildPlan {
        steps = List.copyOf(steps);
    }
}
