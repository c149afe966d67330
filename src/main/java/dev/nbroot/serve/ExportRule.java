package dev.nbroot.serve;

import dev.nbroot.nfs.export.Squash;
import java.util.List;
import java.util.Optional;

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

    /** {@return a warning about a rule that lets a whole network write as root, which is seldom meant} */
    Optional<String> caution() {
        if (!rights.writable() || rights.squash().whose() != Squash.Whose.NO_ONE) {
            return Optional.empty();
        }
        return audiences.stream()
                .filter(audience -> audience instanceof Audience.Network network
                        && !network.network().isOne())
                .findFirst()
                .map(network -> "--export '" + text + "': every machine of " + network + " can change anything in "
                        + subject + " as root; name the machines, or add root_squash");
    }
}
