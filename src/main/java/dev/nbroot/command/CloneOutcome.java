package dev.nbroot.command;

import dev.nbroot.client.HostKey;
import dev.nbroot.state.ClientRecord;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What {@code clone} made.
 *
 * @param client the machine
 * @param path the path that the machine mounts as its root
 * @param hostKeys its SSH host keys' types and fingerprints, as {@code rsa SHA256:...}; empty for a stateless client,
 *     which makes its own at every boot, and for a root without an SSH server
 * @param took wall-clock time, without staging
 * @param staged the boot tree, if one was ever asked for
 */
public record CloneOutcome(
        ClientRecord client, Path path, List<String> hostKeys, Duration took, Optional<StageOutcome> staged) {
    /** Copies the list. */
    public CloneOutcome {
        hostKeys = List.copyOf(hostKeys);
    }

    static List<String> fingerprints(List<HostKey> keys) {
        return keys.stream().map(HostKey::toString).toList();
    }
}
