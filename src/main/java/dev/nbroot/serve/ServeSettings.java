package dev.nbroot.serve;

import java.net.InetAddress;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What to listen on.
 *
 * @param address the address that all servers bind, and nothing else
 * @param tftp the boot tree; without one there is no TFTP server
 * @param tftpPort 69 is what boot ROMs expect; 0 takes a free one
 * @param tftpChoices what may be otherwise about TFTP
 * @param nfsPort 2049 is what the staged command lines expect; 0 takes a free one
 * @param portmapPort 111 is what nfsmount expects; 0 takes a free one
 */
public record ServeSettings(
        InetAddress address, Optional<Path> tftp, int tftpPort, TftpChoices tftpChoices, int nfsPort, int portmapPort) {

    /** The same with the usual choices for TFTP. */
    public ServeSettings(InetAddress address, Optional<Path> tftp, int tftpPort, int nfsPort, int portmapPort) {
        this(address, tftp, tftpPort, TftpChoices.usual(), nfsPort, portmapPort);
    }
}
