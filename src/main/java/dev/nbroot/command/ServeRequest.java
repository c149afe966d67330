package dev.nbroot.command;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What {@code nbroot serve} was asked for.
 *
 * @param address an IP address of this host
 * @param tftp the boot tree; without one there is no TFTP server
 * @param tftpPort 0 to 65535; 0 takes a free one
 * @param tftpOptions how TFTP is spoken
 * @param nfsPort 0 to 65535; 0 takes a free one
 * @param portmapPort 0 to 65535; 0 takes a free one
 * @param exports export rules as they were written
 */
public record ServeRequest(
        String address,
        Optional<Path> tftp,
        int tftpPort,
        TftpOptions tftpOptions,
        int nfsPort,
        int portmapPort,
        List<String> exports) {
    /** Copies the list. */
    public ServeRequest {
        exports = List.copyOf(exports);
    }
}
