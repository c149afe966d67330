package dev.nbroot.command;

import java.util.List;

/**
 * What {@code nbroot reset} is asked for.
 *
 * @param mac the machine, in any usual spelling
 * @param paths absolute paths in the machine, with all that is below them; none means everything
 */
public record ResetRequest(String mac, List<String> paths) {
    /** Copies the list. */
    public ResetRequest {
        paths = List.copyOf(paths);
    }
}
