package dev.nbroot.command;

import java.nio.file.Path;
import java.util.List;

/**
 * What {@code nbroot build} is asked for.
 *
 * @param profile the YAML file
 * @param sets {@code key.path=value} options
 * @param fresh build even if nothing changed
 * @param dryRun say what would be done, do nothing
 */
public record BuildRequest(Path profile, List<String> sets, boolean fresh, boolean dryRun) {
    /** Copies the list. */
    public BuildRequest {
        sets = List.copyOf(sets);
    }
}
