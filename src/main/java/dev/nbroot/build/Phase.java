package dev.nbroot.build;

import java.util.List;

/**
 * What a build does, as it is told: a step, or what is done between steps.
 *
 * @param id as in {@code packages}
 * @param details what it would do, for {@code --dry-run}; one line each
 */
public record Phase(String id, String title, List<String> details) {
    static final Phase SAVE = new Phase("save", "Keep the installed packages for the next build", List.of());
    static final Phase COPY = new Phase("copy", "Copy the installed packages", List.of());
    static final Phase WRITE = new Phase("write", "Write everything to disk", List.of());

    /** Copies the list. */
    public Phase {
        details = List.copyOf(details);
    }

    static Phase of(BuildStep step) {
        return new Phase(step.id(), step.title(), step.details());
    }
}
