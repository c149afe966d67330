package dev.nbroot.serve;

import dev.nbroot.tftp.ReplyPorts;
import dev.nbroot.tftp.RootFiles;
import dev.nbroot.tftp.TftpFiles;
import dev.nbroot.tftp.TftpSettings;
import java.net.InetSocketAddress;
import java.nio.file.Path;

/**
 * What networks and firmware may want otherwise of TFTP.
 *
 * @param singlePort whether transfers are answered from the listening port
 * @param lowPort the first port they are answered from, or 0 for any free one
 * @param highPort the last port, or 0
 * @param maxBlksize the largest block size to agree to, 512 to 65464 bytes
 * @param ignoreCase whether a name finds a file that differs in case only
 */
public record TftpChoices(boolean singlePort, int lowPort, int highPort, int maxBlksize, boolean ignoreCase) {
    /** The largest block size there is (RFC 2348), in bytes. */
    public static final int LARGEST_BLKSIZE = 65_464;

    /** {@return what does for most} */
    public static TftpChoices usual() {
        return new TftpChoices(false, 0, 0, LARGEST_BLKSIZE, false);
    }

    TftpSettings settings(InetSocketAddress address) {
        TftpSettings all = TftpSettings.on(address).withReplyPorts(new ReplyPorts(singlePort, lowPort, highPort));
        return all.withLargest(maxBlksize, all.maxWindow());
    }

    TftpFiles files(Path tree) {
        RootFiles files = RootFiles.below(tree);
        return ignoreCase ? files.foldingCase() : files;
    }
}
