package dev.nbroot.command;

import dev.nbroot.stage.BootMenu;
import dev.nbroot.stage.StagePlan;
import dev.nbroot.stage.TreeChanges;
import dev.nbroot.state.ClientRecord;
import java.nio.file.Path;
import java.util.List;

/**
 * What {@code stage} did.
 *
 * @param tftp the boot tree
 * @param server the address that clients reach the server by
 * @param plan what the tree holds now
 * @param clients the staged clients
 * @param changes what was written and removed, or would be in a dry run
 * @param dryRun whether nothing was written
 */
public record StageOutcome(
        Path tftp, String server, StagePlan plan, List<ClientRecord> clients, TreeChanges changes, boolean dryRun) {
    /** Copies the list. */
    public StageOutcome {
        clients = List.copyOf(clients);
    }

    /** {@return what machines boot that are no clients} */
    public BootMenu unknown() {
        return plan.menus().stream()
                .filter(menu -> menu.machine().isEmpty())
                .findFirst()
                .orElseThrow();
    }
}
