package dev.nbroot.command;

import dev.nbroot.state.Manifest;
import java.nio.file.Path;
import java.util.List;

/**
 * What {@code nbroot build} did, or with {@code --dry-run} would do.
 *
 * @param name the root
 * @param generation the number of the generation, an older one when nothing changed
 * @param path its tree
 * @param kernel the kernel's version; empty in a dry run
 * @param packages how many packages it has; 0 in a dry run
 * @param upToDate whether nothing had changed, so that nothing was built
 * @param seconds wall-clock time of the command
 * @param steps what was done; empty when nothing was
 * @param plan what would be done; empty unless it is a dry run
 */
public record BuildOutcome(
        String name,
        int generation,
        Path path,
        String kernel,
        int packages,
        boolean upToDate,
        double seconds,
        List<Manifest.Step> steps,
        List<PlannedStep> plan) {

    /**
     * A step of the plan.
     *
     * @param name its stable id
     * @param title what it does
     * @param details what it does in detail, a line each
     */
    public record PlannedStep(String name, String title, List<String> details) {
        /** Copies the list. */
        public PlannedStep {
            details = List.copyOf(details);
        }
    }

    /** Copies the lists. */
    public BuildOutcome {
        steps = List.copyOf(steps);
        plan = List.copyOf(plan);
    }
}
