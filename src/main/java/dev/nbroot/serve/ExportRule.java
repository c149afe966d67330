package dev.nbroot.serve;

import java.util.List;

/**
 * One rule of who may use what over NFS, see {@link RuleParser} for how it is written.
 *
 * @param subject what it is about
 * @param audiences whom it is for, one or more
 * @param rights what it allows them
 * @param text the rule as the user wrote it
 */
public record ExportRule(Subject subject, List<Audience> audiences, Rights rights, String text) {
    /** Copies the list. */
    public ExportRule {
        audiences = List.copyOf(audiences);
        if (audiences.isEmpty()) {
            throw new IllegalArgumentException("a rule for nobody: " + text);
        }
    }
}
