package dev.nbroot.serve;

import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What to listen on.
 *
 * @param address the address that all servers bind, and nothing else
 * @param tftp the boot tree; without one there is no TFTP server
 * @param tftpPort 69 is what boot ROMs expect; 0 takes a free one
 * @param tftpChoices what may be otherwise about TFTP
 * @param http whether the boot tree is served by HTTP too; without a boot tree it is not
 * @param nfsPort 2049 is what the staged command lines expect; 0 takes a free one
 * @param portmapPort 111 is what nfsmount expects; 0 takes a free one
 * @param exports who may use what over NFS; see {@link Grants} for what holds beside
 */
public record ServeSettings(
        InetAddress address,
        Optional<Path> tftp,
        int tftpPort,
        TftpChoices tftpChoices,
        Optional<HttpChoice> http,
        int nfsPort,
        int portmapPort,
        List<ExportRule> exports) {
    /** Copies the list. */
    public ServeSettings {
        exports = List.copyOf(exports);
    }

    /** {@return the usual choices for TFTP, no HTTP, and no export rules} */
    public static ServeSettings usual(
            InetAddress address, Optional<Path> tftp, int tftpPort, int nfsPort, int portmapPort) {
        return new ServeSettings(
                address, tftp, tftpPort, TftpChoices.usual(), Optional.empty(), nfsPort, portmapPort, List.of());
    }

    /** {@return the same with HTTP} */
    public ServeSettings with(HttpChoice choice) {
        return new ServeSettings(
                address, tftp, tftpPort, tftpChoices, Optional.of(choice), nfsPort, portmapPort, exports);
    }
}
