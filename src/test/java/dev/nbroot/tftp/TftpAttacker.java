package dev.nbroot.tftp;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/**
 * Sends fuzzed packets to a server's listening port and to the transfers that come of them, and looks at the answers.
 *
 * <p>After every few packets it asks for a file that does not exist and waits for the answer: so no packet is lost in a
 * queue, and the server is seen alive that often.
 */
final class TftpAttacker implements Callable<TftpAttacker.Report>, AutoCloseable {
    /** The content that must never be seen. */
    static final byte[] SECRET = "nobody outside may read this".getBytes(StandardCharsets.US_ASCII);

    private static final int ALIVE_EVERY = 64;

    /** The packets sent and looked at, and how many answers had the secret in them. */
    record Report(long sent, long answers, long leaks) {}

    private final InetSocketAddress server;
    private final FuzzedPackets packets;
    private final int count;
    private final List<DatagramChannel> sockets = new ArrayList<>();
    private final ByteBuffer answer = ByteBuffer.allocate(65_536);
    private long sent;
    private long answers;
    private long leaks;

    TftpAttacker(InetSocketAddress server, long seed, int count) {
        this.server = server;
        this.packets = new FuzzedPackets(seed);
        this.count = count;
    }

    @Override
    public Report call() throws IOException {
        for (int i = 0; i < 40; i++) {
            DatagramChannel channel = DatagramChannel.open();
            sockets.add(channel);
            channel.bind(new InetSocketAddress(InetAddress.getByName("127.0.0." + (2 + i % 3)), 0));
            channel.configureBlocking(false);
        }
        try (SimpleClient prober = new SimpleClient(server)) {
            while (sent < count) {
                DatagramChannel socket = sockets.get(packets.below(sockets.size()));
                send(socket, packets.next(), server);
                for (InetSocketAddress peer = receive(socket); peer != null; peer = receive(socket)) {
                    send(socket, packets.reply(answer.array()), peer);
                    if (packets.below(50) == 0) {
                        // A stranger speaks to the transfer's port.
                        send(sockets.get(packets.below(sockets.size())), packets.reply(answer.array()), peer);
                    }
                }
                if (sent % ALIVE_EVERY == 0
                        && prober.get("no-such-file", "octet").errorCode() != 1) {
                    throw new IOException("no answer of the server after " + sent + " packets");
                }
            }
        }
        return new Report(sent, answers, leaks);
    }

    private void send(DatagramChannel socket, byte[] packet, InetSocketAddress peer) throws IOException {
        socket.send(ByteBuffer.wrap(packet), peer);
        sent++;
    }

    private InetSocketAddress receive(DatagramChannel socket) throws IOException {
        answer.clear();
        InetSocketAddress peer = (InetSocketAddress) socket.receive(answer);
        if (peer != null) {
            answers++;
            String text = new String(answer.array(), 0, answer.position(), StandardCharsets.ISO_8859_1);
            leaks += text.contains(new String(SECRET, StandardCharsets.ISO_8859_1)) ? 1 : 0;
        }
        return peer;
    }

    @Override
    public void close() throws IOException {
        for (DatagramChannel socket : sockets) {
            socket.close();
        }
    }
}
