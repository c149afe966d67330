package dev.nbroot.command;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What {@code nbroot serve} was asked for.
 *
 * @param address an IP address of this host
 * @param tftp the boot tree; without one there is no TFTP server
 * @param tftpPort 0 to 65535; 0 takes a free one
 * @param tftpOptions how TFTP is spoken
 * @param httpPort 0 to 65535, where 0 takes a free one, and -1 serves no HTTP; absent: the usual one, if it is free
 * @param nfsPort 0 to 65535; 0 takes a free one
 * @param portmapPort 0 to 65535; 0 takes a free one
 * @param exports export rules as they were written
 */
public record ServeRequest(
        String address,
        Optional<Path> tftp,
        int tftpPort,
        TftpOptions tftpOptions,
        OptionalInt httpPort,
        int nfsPort,
        int portmapPort,
        List<String> exports) {
    /** No HTTP at all. */
    public static final int NO_HTTP = -1;

    /** Copies the list. */
    public ServeRequest {
        exports = List.copyOf(exports);
    }
}
