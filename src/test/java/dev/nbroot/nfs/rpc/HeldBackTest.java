package dev.nbroot.nfs.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nbroot.nfs.xdr.XdrIn;
import dev.nbroot.nfs.xdr.XdrOut;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Replies that wait for a packet to be filled, when what would fill it does not come. */
@Timeout(30)
class HeldBackTest {
    private static final int LARGE = 0;
    private static final int PARKED = 1;
    private static final int PARTS = 2;
    private static final int LATER = 3;
    private static final int LARGE_BYTES = 30_000;
    private static final int HEADER_BYTES = 24;
    /** So many make a turn, and leave less than a packet behind whole ones. */
    private static final int TURN = Connection.BYTES_PER_TURN / LARGE_BYTES + 1;

    private final List<Throwable> errors = new CopyOnWriteArrayList<>();
    private final CountDownLatch begun = new CountDownLatch(1);
    private volatile Runnable wake;
    private volatile Deferral deferral;

    private final class Program implements RpcProgram {
        private int parts;

        @Override
        public int number() {
            return 7;
        }

        @Override
        public int version() {
            return 1;
        }

        @Override
        public Outcome call(RpcCall call, XdrIn in, XdrOut out, ReplyRoom room) {
            switch (call.procedure()) {
                case LARGE -> {
                    room.reserve(LARGE_BYTES);
                    for (int i = 0; i < LARGE_BYTES / 4; i++) {
                        out.int32(i);
                    }
                }
                case PARKED -> {
                    if (wake == null) {
                        wake = call.park();
                        begun.countDown();
                        return Outcome.PARKED;
                    }
                }
                case PARTS -> {
                    if (parts++ < 20) {
                        return Outcome.AGAIN;
                    }
                }
                default -> {
                    deferral = call.defer();
                    begun.countDown();
                    return Outcome.DEFERRED;
                }
            }
            return Outcome.DONE;
        }
    }

    private interface Use {
        void of(Socket client) throws Exception;
    }

    private void connected(Use use) throws Exception {
        try (RpcServer server = new RpcServer(
                1,
                64 << 20,
                buffer -> 0,
                executor -> List.of(new Program()),
                1000,
                (who, why) -> errors.add(new IllegalStateException(why)),
                errors::add)) {
            int port = server.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            server.start();
            try (Socket client = new Socket(InetAddress.getLoopbackAddress(), port)) {
                client.setSoTimeout(10_000);
                use.of(client);
            }
        }
        assertThat(errors).isEmpty();
    }

    /** Sends calls at once, so that all are there before the first is answered. */
    private static void send(Socket client, int large, int... others) throws IOException {
        ByteBuffer calls = ByteBuffer.allocate(44 * (large + others.length));
        for (int i = 0; i < large + others.length; i++) {
            int procedure = i < large ? LARGE : others[i - large];
            calls.putInt(40 | 0x80000000).putInt(i).putInt(0).putInt(2);
            calls.putInt(7).putInt(1).putInt(procedure).position(44 * (i + 1));
        }
        OutputStream out = client.getOutputStream();
        out.write(calls.array());
    }

    private static void assertLarge(DataInputStream in, int from, int until) throws IOException {
        for (int xid = from; xid < until; xid++) {
            assertThat(in.readInt()).isEqualTo(HEADER_BYTES + LARGE_BYTES | 0x80000000);
            assertThat(in.readInt()).isEqualTo(xid);
            in.readNBytes(HEADER_BYTES - 4);
            byte[] bytes = in.readNBytes(LARGE_BYTES);
            ByteBuffer wanted = ByteBuffer.allocate(LARGE_BYTES);
            for (int i = 0; i < LARGE_BYTES / 4; i++) {
                wanted.putInt(i);
            }
            assertThat(bytes).isEqualTo(wanted.array());
        }
    }

    private static void assertEmpty(DataInputStream in, int xid) throws IOException {
        assertThat(in.readInt()).isEqualTo(HEADER_BYTES | 0x80000000);
        assertThat(in.readInt()).isEqualTo(xid);
        in.readNBytes(HEADER_BYTES - 4);
    }

    @Test
    void nothingIsKeptBehindTheLastCall() throws Exception {
        connected(client -> {
            DataInputStream in = new DataInputStream(client.getInputStream());
            for (int calls : new int[] {1, TURN - 1, TURN, TURN + 1, 2 * TURN, 5 * TURN + 3}) {
                send(client, calls);
                assertLarge(in, 0, calls);
            }
        });
    }

    @Test
    void theNextCallIsParked() throws Exception {
        connected(client -> {
            DataInputStream in = new DataInputStream(client.getInputStream());
            send(client, TURN, PARKED);
            assertLarge(in, 0, TURN);
            begun.await();
            wake.run();
            assertEmpty(in, TURN);
        });
    }

    @Test
    void theNextCallWaitsForADisk() throws Exception {
        connected(client -> {
            DataInputStream in = new DataInputStream(client.getInputStream());
            send(client, TURN, LATER);
            assertLarge(in, 0, TURN);
            begun.await();
            deferral.finish((out, room) -> {});
            assertEmpty(in, TURN);
        });
    }

    @Test
    void theNextCallHasParts() throws Exception {
        connected(client -> {
            DataInputStream in = new DataInputStream(client.getInputStream());
            send(client, TURN, PARTS);
            assertLarge(in, 0, TURN);
            assertEmpty(in, TURN);
        });
    }

    @Test
    void theClientDoesNotReadForAWhile() throws Exception {
        connected(client -> {
            DataInputStream in = new DataInputStream(client.getInputStream());
            send(client, 60 * TURN);
            Thread.sleep(500);
            assertLarge(in, 0, 60 * TURN);
        });
    }

    @Test
    void theClientIsGone() throws Exception {
        connected(client -> {
            for (int i = 0; i < 50; i++) {
                try (Socket gone = new Socket(client.getInetAddress(), client.getPort())) {
                    gone.setSoLinger(true, 0);
                    send(gone, 3 * TURN);
                }
            }
            send(client, TURN + 1);
            assertLarge(new DataInputStream(client.getInputStream()), 0, TURN + 1);
        });
    }
}
