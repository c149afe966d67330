package dev.nbroot.tftp;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Many downloads at once on one thread, for measuring servers. Each client checks the order and the number of bytes,
 * repeats its last packet after a second of silence, and is lost after sixty.
 */
final class LoadClient {
    private static final long SECOND = 1_000_000_000L;
    private static final long PATIENCE = SECOND;
    private static final long LOST = 60 * SECOND;

    private final InetSocketAddress server;
    private final String name;
    private final long size;
    private final int blksize;
    private final int window;
    private final double loss;
    private final Random random = new Random(4711);
    private final ByteBuffer in = ByteBuffer.allocateDirect(65_536);
    private final ByteBuffer ack = ByteBuffer.allocateDirect(4);
    private final List<String> failures = new ArrayList<>();
    private int running;

    /**
     * What to fetch.
     *
     * @param loss probability with which a packet in either direction is dropped
     */
    LoadClient(InetSocketAddress server, String name, long size, int blksize, int window, double loss) {
        this.server = server;
        this.name = name;
        this.size = size;
        this.blksize = blksize;
        this.window = window;
        this.loss = loss;
    }

    /** What came of it. */
    record Result(double seconds, long bytes, List<String> failures) {
        double megabytesPerSecond() {
            return bytes / 1e6 / seconds;
        }
    }

    Result run(int clients) throws IOException {
        long began = System.nanoTime();
        List<Download> downloads = new ArrayList<>();
        try (Selector selector = Selector.open()) {
            for (int i = 0; i < clients; i++) {
                Download download = new Download(selector);
                downloads.add(download);
                download.request();
            }
            running = clients;
            long nextScan = System.nanoTime();
            while (running > 0) {
                selector.select(key -> ((Download) key.attachment()).ready(), 20);
                long now = System.nanoTime();
                if (now - nextScan >= 0) {
                    nextScan = now + 20_000_000;
                    downloads.forEach(download -> download.tick(now));
                }
            }
        } finally {
            for (Download download : downloads) {
                download.channel.close();
            }
        }
        double seconds = (System.nanoTime() - began) / 1e9;
        return new Result(seconds, downloads.stream().mapToLong(d -> d.bytes).sum(), failures);
    }

    private final class Download {
        private final DatagramChannel channel;
        private final SelectionKey key;
        private boolean connected;
        private boolean done;
        private long bytes;
        private long expected = 1;
        private int inWindow;
        private int agreedBlksize = 512;
        private int agreedWindow = 1;
        private long heardAt = System.nanoTime();
        private long saidAt = heardAt;

        Download(Selector selector) throws IOException {
            channel = DatagramChannel.open();
            channel.setOption(StandardSocketOptions.SO_RCVBUF, 1 << 20);
            channel.bind(new InetSocketAddress(server.getAddress(), 0)).configureBlocking(false);
            key = channel.register(selector, SelectionKey.OP_READ, this);
        }

        void request() throws IOException {
            List<String> words = new ArrayList<>(List.of(name, "octet", "blksize", "" + blksize, "tsize", "0"));
            if (window > 1) {
                words.addAll(List.of("windowsize", "" + window));
            }
            channel.send(ByteBuffer.wrap(SimpleClient.request(1, words.toArray(new String[0]))), server);
            saidAt = System.nanoTime();
        }

        void ready() {
            try {
                for (int i = 0; i < 32 && !done; i++) {
                    in.clear();
                    if (connected) {
                        if (channel.read(in) <= 0) {
                            return;
                        }
                    } else {
                        InetSocketAddress peer = (InetSocketAddress) channel.receive(in);
                        if (peer == null) {
                            return;
                        }
                        channel.connect(peer);
                        connected = true;
                    }
                    if (loss == 0 || random.nextDouble() >= loss) {
                        received(in.flip());
                    }
                }
            } catch (PortUnreachableException e) {
                finish("the server's port is closed at block " + expected);
            } catch (IOException e) {
                finish(e.toString());
            }
        }

        private void received(ByteBuffer packet) throws IOException {
            heardAt = System.nanoTime();
            int opcode = packet.getShort();
            if (opcode == Wire.OACK) {
                if (expected == 1) {
                    agree(packet);
                    acknowledge();
                }
                return;
            }
            int number = packet.getShort() & 0xffff;
            if (opcode == Wire.ERROR) {
                packet.position(0);
                finish("error " + number + ": " + Wire.errorText(packet));
                return;
            }
            if (number != (expected & 0xffff)) {
                // An old block means that its acknowledgement was lost, a new one that a block was.
                inWindow = 0;
                acknowledge();
                return;
            }
            bytes += packet.remaining();
            expected++;
            boolean last = packet.remaining() < agreedBlksize;
            if (last || ++inWindow == agreedWindow) {
                inWindow = 0;
                acknowledge();
            }
            if (last) {
                finish(bytes == size ? "" : "got " + bytes + " bytes");
            }
        }

        private void agree(ByteBuffer packet) {
            byte[] rest = new byte[packet.remaining()];
            packet.get(rest);
            String[] parts = new String(rest, java.nio.charset.StandardCharsets.US_ASCII).split("\0");
            for (int i = 0; i + 1 < parts.length; i += 2) {
                if (parts[i].equals("blksize")) {
                    agreedBlksize = Integer.parseInt(parts[i + 1]);
                } else if (parts[i].equals("windowsize")) {
                    agreedWindow = Integer.parseInt(parts[i + 1]);
                }
            }
        }

        private void acknowledge() throws IOException {
            saidAt = System.nanoTime();
            if (loss > 0 && random.nextDouble() < loss) {
                return;
            }
            ack.clear();
            ack.putShort((short) Wire.ACK).putShort((short) (expected - 1)).flip();
            channel.write(ack);
        }

        void tick(long now) {
            if (done) {
                return;
            }
            try {
                if (now - heardAt > LOST) {
                    finish("silence at block " + expected);
                } else if (now - heardAt > PATIENCE && now - saidAt > PATIENCE) {
                    if (connected) {
                        inWindow = 0;
                        acknowledge();
                    } else {
                        request();
                    }
                }
            } catch (IOException e) {
                finish(e.toString());
            }
        }

        private void finish(String failure) {
            if (!done) {
                done = true;
                running--;
                key.cancel();
                if (!failure.isEmpty()) {
                    failures.add(failure);
                }
            }
        }
    }
}
