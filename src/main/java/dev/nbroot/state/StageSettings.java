package dev.nbroot.state;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What {@code stage} was last asked for, in {@code stage.yaml}, so that build and clone can stage again by themselves.
 *
 * @param tftp the boot tree
 * @param server the server's IPv4 address, as written on kernel command lines
 * @param roots the staged roots, in order; empty means every root there is
 * @param defaultRoot what an unknown machine boots; absent means the first root
 * @param nfsPort the port that kernel command lines name, 1 to 65535; usually 2049
 * @param httpPort the port that kernel command lines name for images, 1 to 65535; usually 80; absent: TFTP only
 */
public record StageSettings(
        Path tftp, String server, List<String> roots, Optional<String> defaultRoot, int nfsPort, OptionalInt httpPort) {
    /** The port of nfs(5), which command lines leave out. */
    public static final int STANDARD_NFS_PORT = 2049;

    /** The port of RFC 9110, which URLs leave out. */
    public static final int STANDARD_HTTP_PORT = 80;

    /** Copies the list and makes the path absolute. */
    public StageSettings {
        tftp = tftp.toAbsolutePath().normalize();
        roots = List.copyOf(roots);
    }
}
