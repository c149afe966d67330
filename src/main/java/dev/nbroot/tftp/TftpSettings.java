package dev.nbroot.tftp;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

/**
 * How a server listens and what it allows.
 *
 * @param listenOn the addresses to bind, each with its own channel: on a host with several addresses the answer must
 *     come from the address that was asked, and the JDK does not tell which one that was on a wildcard socket
 * @param replyPorts from which ports transfers are answered
 * @param maxBlksize the largest block size to agree to, 512 to 65464 bytes; lower it for firmware that asks for more than
 *     it can reassemble
 * @param maxWindow the largest window to agree to, 1 to 4096 blocks; a window never has more than 4 MiB
 * @param maxTransfers how many transfers may be open at once
 * @param maxTransfersPerClient how many of them for one client address
 * @param giveUp how long a client may make no progress before its transfer is given up, 1 s or more; doubled timeouts of
 *     a client that asked for long ones (RFC 2349) extend it
 */
public record TftpSettings(
        List<InetSocketAddress> listenOn,
        ReplyPorts replyPorts,
        int maxBlksize,
        int maxWindow,
        int maxTransfers,
        int maxTransfersPerClient,
        Duration giveUp) {

    /** Checks the ranges. */
    public TftpSettings {
        listenOn = List.copyOf(listenOn);
        require(!listenOn.isEmpty(), "no address to listen on");
        require(maxBlksize >= 512 && maxBlksize <= 65464, "maxBlksize must be 512 to 65464");
        require(maxWindow >= 1 && maxWindow <= 4096, "maxWindow must be 1 to 4096");
        require(maxTransfersPerClient >= 1, "maxTransfersPerClient must be 1 or more");
        require(maxTransfers >= 1, "maxTransfers must be 1 or more");
        require(giveUp.compareTo(Duration.ofSeconds(1)) >= 0, "giveUp must be 1 s or more");
    }

    /**
     * {@return the defaults: any reply port, every block size, windows to 256 blocks, 2048 transfers, 64 per client
     * address, 30 s to give up}
     *
     * @param addresses what to bind; port 69 is the one clients expect, 0 takes a free one
     */
    public static TftpSettings on(InetSocketAddress... addresses) {
        return new TftpSettings(
                List.of(addresses), ReplyPorts.ephemeral(), 65464, 256, 2048, 64, Duration.ofSeconds(30));
    }

    /** {@return the same with other reply ports} */
    public TftpSettings withReplyPorts(ReplyPorts ports) {
        return new TftpSettings(listenOn, ports, maxBlksize, maxWindow, maxTransfers, maxTransfersPerClient, giveUp);
    }

    /** {@return the same with other limits on block size (bytes) and window (blocks)} */
    public TftpSettings withLargest(int blksize, int window) {
        return new TftpSettings(listenOn, replyPorts, blksize, window, maxTransfers, maxTransfersPerClient, giveUp);
    }

    /** {@return the same with other limits on the transfers at once, in total and for one client address} */
    public TftpSettings withLimits(int total, int perClient) {
        return new TftpSettings(listenOn, replyPorts, maxBlksize, maxWindow, total, perClient, giveUp);
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
