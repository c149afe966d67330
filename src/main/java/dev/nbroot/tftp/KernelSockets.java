package dev.nbroot.tftp;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.DatagramChannel;

/** Plain UDP sockets. */
final class KernelSockets implements TftpSockets {
    /** A rack that is switched on asks at once; with the default 208 KiB some requests are lost and wait for a second. */
    private static final int LISTEN_BUFFER = 4 << 20;

    @Override
    public DatagramChannel listen(InetSocketAddress local) throws IOException {
        DatagramChannel channel = open(local.getAddress());
        try {
            channel.setOption(StandardSocketOptions.SO_RCVBUF, LISTEN_BUFFER);
            return channel.bind(local);
        } catch (IOException e) {
            throw closing(channel, e);
        }
    }

    /** Connected, so that the kernel drops strangers' packets and reports a closed client port (ICMP) at once. */
    @Override
    public DatagramChannel connect(InetAddress local, int port, InetSocketAddress client) throws IOException {
        DatagramChannel channel = open(local);
        try {
            return channel.bind(new InetSocketAddress(local, port)).connect(client);
        } catch (IOException e) {
            throw closing(channel, e);
        }
    }

    private static DatagramChannel open(InetAddress local) throws IOException {
        return DatagramChannel.open(
                local instanceof Inet6Address ? StandardProtocolFamily.INET6 : StandardProtocolFamily.INET);
    }

    private static IOException closing(DatagramChannel channel, IOException problem) {
        try {
            channel.close();
        } catch (IOException e) {
            problem.addSuppressed(e);
        }
        return problem;
    }
}
