package dev.nbroot.command;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What {@code rollback} did.
 *
 * @param name the root
 * @param from the generation that was current before, if there was one
 * @param generation the one that is current now
 * @param path its tree
 * @param tftp the boot tree that was staged again, if there is one
 * @param clients what each client of the root gets when it boots next
 */
public record RollbackOutcome(
        String name, Optional<Integer> from, int generation, Path path, Optional<Path> tftp, List<NextBoot> clients) {
    /**
     * What a client boots next.
     *
     * @param moves whether that is what is current; otherwise it stays where its files lie over
     */
    public record NextBoot(String mac, String hostname, String mode, int generation, boolean moves) {}

    /** Copies the list. */
    public RollbackOutcome {
        clients = List.copyOf(clients);
    }
}
