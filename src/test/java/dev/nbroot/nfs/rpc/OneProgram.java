package dev.nbroot.nfs.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nbroot.nfs.xdr.XdrIn;
import dev.nbroot.nfs.xdr.XdrOut;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A server on loopback with one program, of number 7 and version 1; nothing must have gone wrong when it is closed. */
final class OneProgram implements AutoCloseable {
    private static final int NUMBER = 7;
    private static final int VERSION = 1;
    private static final int HEAD_BYTES = 40;

    /** What the program does. */
    @FunctionalInterface
    interface Answer {
        Outcome to(RpcCall call, XdrOut out);
    }

    private record Program(Answer answer) implements RpcProgram {
        @Override
        public int number() {
            return NUMBER;
        }

        @Override
        public int version() {
            return VERSION;
        }

        @Override
        public Outcome call(RpcCall call, XdrIn in, XdrOut out, ReplyRoom room) {
            return answer.to(call, out);
        }
    }

    private final List<Throwable> errors = new CopyOnWriteArrayList<>();
    private final RpcServer server;
    private final int port;

    OneProgram(int loops, Answer answer) throws IOException {
        server = new RpcServer(
                loops,
                64 << 20,
                buffer -> 0,
                executor -> List.of(new Program(answer)),
                100,
                (who, why) -> errors.add(new IllegalStateException(why)),
                errors::add);
        port = server.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        server.start();
    }

    Socket connect() throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), port);
    }

    /** {@return a call as it is sent by TCP; its id is the procedure} */
    static byte[] call(int procedure, int argumentBytes) {
        ByteBuffer buffer = ByteBuffer.allocate(4 + HEAD_BYTES + argumentBytes);
        buffer.putInt(HEAD_BYTES + argumentBytes | 0x80000000)
                .putInt(procedure)
                .putInt(0)
                .putInt(2);
        buffer.putInt(NUMBER).putInt(VERSION).putInt(procedure);
        return buffer.array();
    }

    @Override
    public void close() {
        server.close();
        assertThat(errors).isEmpty();
    }
}
