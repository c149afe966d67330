package dev.nbroot.command;

import java.nio.file.Path;
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
 */
public record ServeRequest(
        String address, Optional<Path> tftp, int tftpPort, TftpOptions tftpOptions, int nfsPort, int portmapPort) {}
