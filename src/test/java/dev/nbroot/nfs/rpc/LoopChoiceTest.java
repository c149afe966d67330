package dev.nbroot.nfs.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nbroot.nfs.xdr.XdrIn;
import dev.nbroot.nfs.xdr.XdrOut;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Which loop gets a connection. */
@Timeout(20)
class LoopChoiceTest {
    private final List<Throwable> errors = new CopyOnWriteArrayList<>();

    /** Says which loop it belongs to. */
    private static final class Naming implements RpcProgram {
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
            out.text(Thread.currentThread().getName());
            return Outcome.DONE;
        }
    }

    private static String loopOf(Socket socket) throws IOException {
        ByteBuffer call = ByteBuffer.allocate(44);
        call.putInt(40 | 0x80000000)
                .putInt(1)
                .putInt(0)
                .putInt(2)
                .putInt(7)
                .putInt(1)
                .putInt(0);
        socket.getOutputStream().write(call.array());
        byte[] head = socket.getInputStream().readNBytes(4);
        byte[] reply = socket.getInputStream().readNBytes(ByteBuffer.wrap(head).getInt() & 0x7fffffff);
        XdrIn in = new XdrIn();
        in.reset(ByteBuffer.wrap(reply), 24, reply.length);
        return in.text(100);
    }

    @Test
    void machinesThatMountAndStayAreSharedOut() throws Exception {
        try (RpcServer server = new RpcServer(
                2,
                64 << 20,
                buffer -> 0,
                executor -> List.of(new Naming()),
                100,
                (who, why) -> errors.add(new IllegalStateException(why)),
                errors::add)) {
            int port = server.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            server.start();
            List<Socket> staying = new ArrayList<>();
            Map<String, Integer> loops = new TreeMap<>();
            try {
                for (int i = 0; i < 8; i++) {
                    try (Socket mounting = new Socket(InetAddress.getLoopbackAddress(), port)) {
                        loopOf(mounting);
                    }
                    Socket stays = new Socket(InetAddress.getLoopbackAddress(), port);
                    staying.add(stays);
                    loops.merge(loopOf(stays), 1, Integer::sum);
                }
            } finally {
                for (Socket socket : staying) {
                    socket.close();
                }
            }
            assertThat(loops)
                    .hasSize(2)
                    .allSatisfy((loop, count) -> assertThat(count).isBetween(3, 5));
        }
        assertThat(errors).isEmpty();
    }
}
