package dev.nbroot.tftp;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.DatagramChannel;

/** Finds a local port for each transfer. */
final class PortChooser {
    private final ReplyPorts ports;
    private final TftpSockets sockets;
    private int turn;

    PortChooser(ReplyPorts ports, TftpSockets sockets) {
        this.ports = ports;
        this.sockets = sockets;
    }

    /**
     * {@return a connected channel}
     *
     * <p>Ports of a range are taken in turn, so that a late packet of the last transfer does not meet the next one.
     *
     * @throws BindException if every port of the range is taken
     */
    DatagramChannel open(InetAddress local, InetSocketAddress client) throws IOException {
        if (ports.low() == 0) {
            return sockets.connect(local, 0, client);
        }
        int count = ports.high() - ports.low() + 1;
        for (int i = 0; i < count; i++) {
            int port = ports.low() + turn;
            turn = (turn + 1) % count;
            try {
                return sockets.connect(local, port, client);
            } catch (BindException e) {
                if (i == count - 1) {
                    throw taken(e);
                }
            }
        }
        throw new IllegalStateException("a range of ports is never empty");
    }

    private BindException taken(BindException last) {
        BindException all = new BindException("no free port from " + ports.low() + " to " + ports.high());
        all.initCause(last);
        return all;
    }
}
