package dev.nbroot.nfs;

import dev.nbroot.nfs.portmap.PortmapProgram;
import java.net.InetAddress;

/**
 * How an NFS server runs.
 *
 * @param address where it listens
 * @param nfsPort the port of NFS, TCP and UDP; 0 for any free one
 * @param mountPort the port of MOUNT; the same as {@code nfsPort} to share its sockets; 0 for any free one
 * @param portmapPort the port of the port mapper, 111 unless in a test; 0 for any free one, -1 for none at all
 * @param loops how many threads serve, 1 or more
 * @param bufferBytes how much direct memory buffers may take, all loops together
 * @param secret 16 bytes that only this server knows: clients' handles are good as long as they stay the same
 */
public record NfsSettings(
        InetAddress address, int nfsPort, int mountPort, int portmapPort, int loops, long bufferBytes, byte[] secret) {
    /** The port of NFS. */
    public static final int NFS_PORT = 2049;

    private static final int MOST_LOOPS = 8;
    private static final long BUFFER_BYTES = 64L * 1024 * 1024;

    /** Copies the secret. */
    public NfsSettings {
        if (secret.length != 16) {
            throw new IllegalArgumentException("the secret has 16 bytes, not " + secret.length);
        }
        secret = secret.clone();
    }

    /** {@return a copy of the secret} */
    @Override
    public byte[] secret() {
        return secret.clone();
    }

    /** {@return the usual ports, a loop per core, 64 MiB of buffers} */
    public static NfsSettings usual(InetAddress address, byte[] secret) {
        int loops = Math.min(MOST_LOOPS, Runtime.getRuntime().availableProcessors());
        return new NfsSettings(address, NFS_PORT, NFS_PORT, PortmapProgram.PORT, loops, BUFFER_BYTES, secret);
    }

    /** {@return the same with other ports} */
    public NfsSettings withPorts(int nfs, int mount, int portmap) {
        return new NfsSettings(address, nfs, mount, portmap, loops, bufferBytes, secret);
    }
}
