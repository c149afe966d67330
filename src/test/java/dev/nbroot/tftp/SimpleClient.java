package dev.nbroot.tftp;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** A blocking client for tests that looks at every packet. */
final class SimpleClient implements AutoCloseable {
    private final DatagramSocket socket;
    private final InetSocketAddress server;
    private final byte[] buffer = new byte[65536];
    private InetSocketAddress peer;

    SimpleClient(InetSocketAddress server) throws IOException {
        this.server = server;
        InetAddress local = server.getAddress() instanceof Inet6Address
                ? InetAddress.getByName("::1")
                : InetAddress.getLoopbackAddress();
        this.socket = new DatagramSocket(new InetSocketAddress(local, 0));
        socket.setReceiveBufferSize(4 << 20);
    }

    /** What a transfer brought: the content or an error text, and the acknowledged options. */
    record Got(byte[] content, int errorCode, String error, Map<String, String> options) {}

    /** One packet of the server. */
    record Packet(int opcode, int number, byte[] rest) {
        String text() {
            int end = 0;
            while (end < rest.length && rest[end] != 0) {
                end++;
            }
            return new String(rest, 0, end, StandardCharsets.ISO_8859_1);
        }
    }

    InetSocketAddress peer() {
        return peer;
    }

    int port() {
        return socket.getLocalPort();
    }

    static byte[] request(int opcode, String... strings) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(0);
        out.write(opcode);
        for (String s : strings) {
            out.writeBytes(s.getBytes(StandardCharsets.ISO_8859_1));
            out.write(0);
        }
        return out.toByteArray();
    }

    void ask(byte[] request) throws IOException {
        socket.send(new DatagramPacket(request, request.length, server));
    }

    void reply(int opcode, int number) throws IOException {
        byte[] p = {0, (byte) opcode, (byte) (number >> 8), (byte) number};
        socket.send(new DatagramPacket(p, p.length, peer));
    }

    void error(int code, String text) throws IOException {
        byte[] t = text.getBytes(StandardCharsets.ISO_8859_1);
        byte[] p = ByteBuffer.allocate(5 + t.length)
                .putShort((short) 5)
                .putShort((short) code)
                .put(t)
                .array();
        socket.send(new DatagramPacket(p, p.length, peer));
    }

    /** {@return the next packet; waits at most {@code millis}} */
    Packet next(int millis) throws IOException {
        socket.setSoTimeout(millis);
        DatagramPacket p = new DatagramPacket(buffer, buffer.length);
        do {
            // A port that a transfer had may be this one now, and strangers may still write to it.
            p.setLength(buffer.length);
            socket.receive(p);
        } while (!p.getAddress().equals(server.getAddress()));
        peer = (InetSocketAddress) p.getSocketAddress();
        ByteBuffer b = ByteBuffer.wrap(p.getData(), 0, p.getLength());
        int opcode = b.getShort();
        int number = opcode == Wire.OACK ? 0 : b.getShort() & 0xffff;
        return new Packet(opcode, number, Arrays.copyOfRange(p.getData(), b.position(), p.getLength()));
    }

    /** Fetches a whole file; {@code options} are names and values in turn. */
    Got get(String name, String mode, String... options) throws IOException {
        String[] words = new String[2 + options.length];
        words[0] = name;
        words[1] = mode;
        System.arraycopy(options, 0, words, 2, options.length);
        ask(request(Wire.RRQ, words));
        boolean answered = false;
        int patience = 20;
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        Map<String, String> acknowledged = new LinkedHashMap<>();
        int blksize = 512;
        int window = 1;
        int inWindow = 0;
        long expected = 1;
        while (true) {
            Packet p;
            try {
                p = next(500);
            } catch (SocketTimeoutException e) {
                if (--patience == 0) {
                    throw e;
                }
                if (!answered) {
                    ask(request(Wire.RRQ, words));
                }
                continue;
            }
            answered = true;
            if (p.opcode() == Wire.ERROR) {
                return new Got(content.toByteArray(), p.number(), p.text(), acknowledged);
            }
            if (p.opcode() == Wire.OACK) {
                String[] parts = new String(p.rest(), StandardCharsets.ISO_8859_1).split("\0");
                for (int i = 0; i + 1 < parts.length; i += 2) {
                    acknowledged.put(parts[i], parts[i + 1]);
                }
                blksize = Integer.parseInt(acknowledged.getOrDefault("blksize", "512"));
                window = Integer.parseInt(acknowledged.getOrDefault("windowsize", "1"));
                reply(Wire.ACK, 0);
                continue;
            }
            if (p.number() != (expected & 0xffff)) {
                inWindow = 0;
                reply(Wire.ACK, (int) (expected - 1) & 0xffff);
                continue;
            }
            content.write(p.rest());
            expected++;
            inWindow++;
            boolean last = p.rest().length < blksize;
            if (last || inWindow == window) {
                inWindow = 0;
                reply(Wire.ACK, p.number());
            }
            if (last) {
                return new Got(content.toByteArray(), -1, "", acknowledged);
            }
        }
    }

    @Override
    public void close() {
        socket.close();
    }
}
