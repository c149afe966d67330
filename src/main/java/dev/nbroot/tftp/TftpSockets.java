package dev.nbroot.tftp;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.DatagramChannel;

/** Where the server gets its sockets. */
public interface TftpSockets {
    /** {@return a bound channel for requests} */
    DatagramChannel listen(InetSocketAddress local) throws IOException;

    /**
     * {@return a channel for one transfer, bound to the local address and connected to the client}
     *
     * @param port the local port, or 0 for a free one
     * @throws java.net.BindException if the port is taken
     */
    DatagramChannel connect(InetAddress local, int port, InetSocketAddress client) throws IOException;

    /** {@return the kernel's sockets} */
    static TftpSockets ofTheKernel() {
        return new KernelSockets();
    }
}
