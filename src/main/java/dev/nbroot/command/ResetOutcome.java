package dev.nbroot.command;

import java.util.List;

/**
 * What {@code nbroot reset} took back.
 *
 * @param mac the machine, with colons
 * @param hostname its name
 * @param generation what its view lies over, as in {@code bookworm/3}
 * @param dropped what is again as in the generation, sorted by path
 * @param kept how many changes of the machine are still there, its identity not counted
 */
public record ResetOutcome(
        String mac, String hostname, String generation, List<DiffOutcome.FileChange> dropped, int kept) {
    /** Copies the list. */
    public ResetOutcome {
        dropped = List.copyOf(dropped);
    }
}
