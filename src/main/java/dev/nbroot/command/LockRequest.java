package dev.nbroot.command;

import java.nio.file.Path;
import java.util.List;

/**
 * What {@code nbroot lock} is asked for.
 *
 * @param profile the YAML file
 * @param sets {@code key.path=value} options
 */
public record LockRequest(Path profile, List<String> sets) {
    /** Copies the list. */
    public LockRequest {
        sets = List.copyOf(sets);
    }
}
