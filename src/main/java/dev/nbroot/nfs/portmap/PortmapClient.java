package dev.nbroot.nfs.portmap;

import dev.nbroot.nfs.xdr.XdrException;
import dev.nbroot.nfs.xdr.XdrIn;
import dev.nbroot.nfs.xdr.XdrOut;
import java.io.IOException;
import java.net.BindException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Registers programs with a port mapper that runs on this host already. It takes registrations only from the loopback
 * interface and, as rpcbind does unless told otherwise, from a port below 1024.
 */
public final class PortmapClient {
    private static final int FIRST_RESERVED = 1023;
    private static final int LAST_RESERVED = 665;
    private static final int ATTEMPTS = 4;
    private static final int TIMEOUT_MILLIS = 500;

    private final InetSocketAddress portmapper;

    /**
     * Makes a client.
     *
     * @param port where the port mapper listens on the loopback interface
     */
    public PortmapClient(int port) {
        portmapper = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    /**
     * Registers a mapping.
     *
     * @return false when another program has the same number, version and protocol
     * @throws IOException when nobody answers
     */
    public boolean set(Mapping mapping) throws IOException {
        return call(PortmapProgram.SET, mapping) != 0;
    }

    /**
     * Takes a mapping back.
     *
     * @throws IOException when nobody answers
     */
    public boolean unset(Mapping mapping) throws IOException {
        return call(PortmapProgram.UNSET, mapping) != 0;
    }

    /**
     * {@return the port that is registered for a mapping's program, version and protocol; 0 when none is}
     *
     * @throws IOException when nobody answers
     */
    public int port(Mapping mapping) throws IOException {
        return call(PortmapProgram.GETPORT, mapping);
    }

    private int call(int procedure, Mapping m) throws IOException {
        int xid = ThreadLocalRandom.current().nextInt();
        XdrOut out = new XdrOut();
        ByteBuffer request = ByteBuffer.allocate(64);
        out.reset(request);
        int[] words = {
            xid,
            0,
            2,
            PortmapProgram.NUMBER,
            PortmapProgram.VERSION,
            procedure,
            0,
            0,
            0,
            0,
            m.program(),
            m.version(),
            m.protocol(),
            m.port()
        };
        Arrays.stream(words).forEach(out::int32);
        try (DatagramSocket socket = reserved()) {
            socket.connect(portmapper);
            socket.setSoTimeout(TIMEOUT_MILLIS);
            for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
                socket.send(new DatagramPacket(request.array(), request.position()));
                byte[] reply = new byte[512];
                DatagramPacket packet = new DatagramPacket(reply, reply.length);
                try {
                    socket.receive(packet);
                    return answer(reply, packet.getLength(), xid);
                } catch (SocketTimeoutException e) {
                    // Asked again, a few times.
                }
            }
        }
        throw new IOException("the port mapper on port " + portmapper.getPort() + " does not answer");
    }

    private static int answer(byte[] reply, int length, int xid) throws IOException {
        XdrIn in = new XdrIn();
        in.reset(ByteBuffer.wrap(reply), 0, length);
        try {
            if (in.int32() != xid || in.int32() != 1 || in.int32() != 0) {
                throw new IOException("the port mapper refuses the call");
            }
            in.int32();
            in.opaque(400);
            if (in.int32() != 0) {
                throw new IOException("the port mapper does not know version 2");
            }
            return in.int32();
        } catch (XdrException e) {
            throw new IOException("the port mapper's reply makes no sense", e);
        }
    }

    private static DatagramSocket reserved() throws IOException {
        for (int port = FIRST_RESERVED; port > LAST_RESERVED; port--) {
            try {
                return new DatagramSocket(port, InetAddress.getLoopbackAddress());
            } catch (BindException e) {
                // Taken: the next one.
            }
        }
        throw new IOException("no port below 1024 is free to talk to the port mapper");
    }
}
