package dev.nbroot.nfs.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nbroot.nfs.xdr.XdrIn;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Which loop gets a connection. */
@Timeout(20)
class LoopChoiceTest {
    private static String loopOf(Socket socket) throws IOException {
        socket.getOutputStream().write(OneProgram.call(0, 0));
        byte[] head = socket.getInputStream().readNBytes(4);
        byte[] reply = socket.getInputStream().readNBytes(ByteBuffer.wrap(head).getInt() & 0x7fffffff);
        XdrIn in = new XdrIn();
        in.reset(ByteBuffer.wrap(reply), 24, reply.length);
        return in.text(100);
    }

    @Test
    void machinesThatMountAndStayAreSharedOut() throws Exception {
        try (OneProgram server = new OneProgram(2, (call, out) -> {
            out.text(Thread.currentThread().getName());
            return Outcome.DONE;
        })) {
            List<Socket> staying = new ArrayList<>();
            Map<String, Integer> loops = new TreeMap<>();
            try {
                for (int i = 0; i < 8; i++) {
                    try (Socket mounting = server.connect()) {
                        loopOf(mounting);
                    }
                    Socket stays = server.connect();
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
    }
}
