package dev.nbroot.command;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The roots there are.
 *
 * @param roots sorted by name
 */
public record RootsOutcome(List<Root> roots) {
    /**
     * One root.
     *
     * @param current the generation that machines without files of their own boot next, if there is one
     * @param generations oldest first
     */
    public record Root(String name, Optional<Integer> current, List<One> generations) {}

    /**
     * One generation.
     *
     * @param created when the build ended, ISO 8601 in UTC; absent, as all that its manifest says, when that is damaged
     * @param packages how many are installed
     * @param bytes what it takes on disk
     * @param staged whether a boot tree has it
     * @param clients those that boot it next
     * @param uses the machines that have used it, those seen last first
     */
    public record One(
            int generation,
            boolean current,
            Optional<String> created,
            Optional<String> suite,
            Optional<String> kernel,
            Optional<Integer> packages,
            long bytes,
            boolean staged,
            Path path,
            List<Bound> clients,
            List<User> uses) {}

    /** A client that boots a generation next. */
    public record Bound(String mac, String hostname, String mode) {}

    /**
     * A machine that has used a generation.
     *
     * @param mac its card, if that is known
     * @param hostname its name, if it is a client
     * @param seen when it called last, ISO 8601 in UTC, to the minute
     * @param silence how long ago that is
     * @param live whether that is so short that it must be on
     */
    public record User(
            String address,
            Optional<String> mac,
            Optional<String> hostname,
            String seen,
            Duration silence,
            boolean live) {}

    /** Copies the list. */
    public RootsOutcome {
        roots = List.copyOf(roots);
    }
}
