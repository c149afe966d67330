package dev.nbroot.command;

import dev.nbroot.stage.BootMenu;
import dev.nbroot.stage.StagePlan;
import dev.nbroot.stage.StagedGeneration;
import dev.nbroot.stage.TreeChanges;
import dev.nbroot.state.ClientRecord;
import dev.nbroot.state.Generation;
import dev.nbroot.system.MacAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

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

    /**
     * One kernel that one machine may boot.
     *
     * @param machine the machine's MAC with colons; absent for machines that are no clients
     * @param version of the kernel, as uname(1) tells it
     * @param kernel relative to the boot tree
     * @param initrd relative to the boot tree
     */
    public record Entry(
            Optional<String> machine, String label, String version, Path kernel, Path initrd, String cmdline) {}

    /** {@return every kernel of every machine's menu} */
    public List<Entry> entries() {
        return plan.menus().stream()
                .flatMap(menu -> menu.kernels().stream()
                        .map(linux -> new Entry(
                                menu.machine().map(MacAddress::colons),
                                linux.label(),
                                linux.version(),
                                linux.kernel(),
                                linux.initrd(),
                                linux.cmdline())))
                .toList();
    }

    /** {@return the plan in lines for people} */
    public List<String> describe() {
        return plan.describe();
    }

    /** {@return what was written, or would be, relative to the boot tree} */
    public List<Path> written() {
        return changes.written();
    }

    /** {@return whether some machine's menu has a generation's own kernel} */
    boolean names(Generation generation) {
        Path kernel = StagedGeneration.kernelPath(generation);
        return entries().stream().anyMatch(entry -> entry.kernel().equals(kernel));
    }

    /** {@return whether a client's machine has a menu of its own} */
    boolean has(ClientRecord client) {
        return clients.stream().anyMatch(each -> each.mac().equals(client.mac()));
    }

    /** {@return what machines boot that are no clients} */
    public BootMenu unknown() {
        return plan.menus().stream()
                .filter(menu -> menu.machine().isEmpty())
                .findFirst()
                .orElseThrow();
    }
}
