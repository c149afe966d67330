package dev.nbroot.command;

import dev.nbroot.state.StageSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What {@code stage} is asked for.
 *
 * @param roots names; empty means every root there is
 * @param tftp the boot tree; its last part is made when absent
 * @param server the server's IPv4 address as the user wrote it
 * @param defaultRoot what machines boot that are no clients; absent means the first root
 * @param nfsPort the port that kernel command lines name; 2049 is the usual one
 * @param httpPort the port that kernel command lines name for images; absent: they come by TFTP only
 * @param dryRun plan and check only
 */
public record StageRequest(
        List<String> roots,
        Path tftp,
        String server,
        Optional<String> defaultRoot,
        int nfsPort,
        OptionalInt httpPort,
        boolean dryRun) {
    /** Copies the list. */
    public StageRequest {
        roots = List.copyOf(roots);
    }

    /** {@return a request for the standard ports that writes} */
    public static StageRequest of(List<String> roots, Path tftp, String server, Optional<String> defaultRoot) {
        return new StageRequest(
                roots,
                tftp,
                server,
                defaultRoot,
                StageSettings.STANDARD_NFS_PORT,
                OptionalInt.of(StageSettings.STANDARD_HTTP_PORT),
                false);
    }

    static StageRequest again(StageSettings settings) {
        return new StageRequest(
                settings.roots(),
                settings.tftp(),
                settings.server(),
                settings.defaultRoot(),
                settings.nfsPort(),
                settings.httpPort(),
                false);
    }
}
