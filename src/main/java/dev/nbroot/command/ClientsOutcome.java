package dev.nbroot.command;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The clients there are.
 *
 * @param clients sorted by MAC
 */
public record ClientsOutcome(List<Client> clients) {
    /**
     * One client.
     *
     * @param generation what it boots next; absent when its root has no current generation
     * @param kernel the version of the kernel that it boots next, if that is known
     * @param own whether that is one that it has installed itself
     * @param running what it was seen using last
     * @param address its own, or the one it was seen with last
     * @param delta bytes on disk of its own files; absent when it has none
     * @param seen when it called last, ISO 8601 in UTC, to the minute; absent when never, or too long ago to know
     * @param silence how long ago that is
     * @param on whether that is so short that it must be on; a machine that is not may be on all the same
     */
    public record Client(
            String mac,
            String hostname,
            String root,
            Optional<Integer> generation,
            Optional<String> kernel,
            boolean own,
            Optional<Integer> running,
            String mode,
            Optional<String> address,
            Optional<Long> delta,
            Optional<String> seen,
            Optional<Duration> silence,
            boolean on) {}

    /** Copies the list. */
    public ClientsOutcome {
        clients = List.copyOf(clients);
    }
}
