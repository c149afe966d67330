package dev.nbroot.nfs.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nbroot.nfs.xdr.XdrIn;
import dev.nbroot.nfs.xdr.XdrOut;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RpcDispatcherTest {
    private final List<Throwable> errors = new ArrayList<>();
    private final RpcDispatcher dispatcher =
            new RpcDispatcher(List.of(new Adder()), new DuplicateCache(10, Long.MAX_VALUE), errors::add);
    private final Room room = new Room();

    /** Program 77, version 3: 1 adds two numbers, 2 counts its calls and is remembered, 3 fails. */
    private static final class Adder implements RpcProgram {
        private int calls;

        @Override
        public int number() {
            return 77;
        }

        @Override
        public int version() {
            return 3;
        }

        @Override
        public boolean remembered(int procedure) {
            return procedure == 2;
        }

        @Override
        public Outcome call(RpcCall call, XdrIn in, XdrOut out, ReplyRoom room) {
            switch (call.procedure()) {
                case 1 -> out.int32(in.int32() + in.int32());
                case 2 -> out.int32(++calls);
                case 3 -> throw new IllegalStateException("broken");
                default -> {
                    return Outcome.NO_SUCH_PROCEDURE;
                }
            }
            return Outcome.DONE;
        }
    }

    private static final class Room implements ReplyRoom {
        private final ByteBuffer buffer = ByteBuffer.allocate(4096);

        @Override
        public void reserve(int bytes) {
            if (buffer.remaining() < bytes) {
                throw new NoBuffer();
            }
        }

        @Override
        public boolean attach(FileSource file, long offset, int bytes) {
            return false;
        }

        @Override
        public int replyStart() {
            return 0;
        }

        @Override
        public long address() {
            return 0;
        }

        @Override
        public ByteBuffer buffer() {
            return buffer;
        }
    }

    private static ByteBuffer call(int... words) {
        ByteBuffer buffer = ByteBuffer.allocate(4 * words.length);
        for (int word : words) {
            buffer.putInt(word);
        }
        return buffer;
    }

    private RpcDispatcher.Handled handle(ByteBuffer call) {
        room.buffer.clear();
        XdrOut out = new XdrOut();
        out.reset(room.buffer);
        Peer peer = new Peer(new InetSocketAddress(InetAddress.getLoopbackAddress(), 700), false);
        return dispatcher.handle(call, 0, 0, call.position(), peer, null, out, room);
    }

    private int[] reply(int... words) {
        assertThat(handle(call(words))).isEqualTo(RpcDispatcher.Handled.REPLY);
        int[] reply = new int[room.buffer.position() / 4];
        for (int i = 0; i < reply.length; i++) {
            reply[i] = room.buffer.getInt(4 * i);
        }
        return reply;
    }

    @Test
    void answersACall() {
        assertThat(reply(5, 0, 2, 77, 3, 1, 0, 0, 0, 0, 20, 22)).containsExactly(5, 1, 0, 0, 0, 0, 42);
    }

    @Test
    void saysWhatIsWrong() {
        assertThat(reply(5, 0, 2, 78, 3, 1, 0, 0, 0, 0)).as("no such program").containsExactly(5, 1, 0, 0, 0, 1);
        assertThat(reply(5, 0, 2, 77, 4, 1, 0, 0, 0, 0)).as("version").containsExactly(5, 1, 0, 0, 0, 2, 3, 3);
        assertThat(reply(5, 0, 2, 77, 2, 1, 0, 0, 0, 0)).as("older version").containsExactly(5, 1, 0, 0, 0, 2, 3, 3);
        assertThat(reply(5, 0, 2, 77, 3, 9, 0, 0, 0, 0)).as("procedure").containsExactly(5, 1, 0, 0, 0, 3);
        assertThat(reply(5, 0, 2, 77, 3, 1, 0, 0, 0, 0, 1)).as("arguments").containsExactly(5, 1, 0, 0, 0, 4);
        assertThat(reply(5, 0, 3, 77, 3, 1, 0, 0, 0, 0)).as("RPC version").containsExactly(5, 1, 1, 0, 2, 2);
        assertThat(reply(5, 0, 2, 77, 3, 1, 0, 500, 0, 0)).as("credential").containsExactly(5, 1, 1, 1, 1);
        assertThat(reply(5, 0, 2, 77, 3, 3, 0, 0, 0, 0)).as("our fault").containsExactly(5, 1, 0, 0, 0, 5);
        assertThat(errors).singleElement().isInstanceOf(IllegalStateException.class);
    }

    @Test
    void readsUnixCredentials() {
        assertThat(reply(5, 0, 2, 77, 3, 1, 1, 28, 9, 1, 'a' << 24, 1000, 1001, 1, 27, 0, 0, 1, 2))
                .containsExactly(5, 1, 0, 0, 0, 0, 3);
        assertThat(reply(5, 0, 2, 77, 3, 1, 1, 24, 9, 1, 'a' << 24, 1000, 1001, 1, 27, 0, 0, 1, 2))
                .as("a length that is not that of its parts")
                .containsExactly(5, 1, 1, 1, 1);
        assertThat(reply(5, 0, 2, 77, 3, 1, 1, 20, 9, 0, 1000, 1001, 17, 0, 0, 1, 2))
                .as("more than 16 groups")
                .containsExactly(5, 1, 1, 1, 1);
    }

    @Test
    void ignoresWhatIsNoCall() {
        assertThat(handle(call(5))).isEqualTo(RpcDispatcher.Handled.SILENT);
        assertThat(handle(call(5, 1, 0, 0, 0, 0))).isEqualTo(RpcDispatcher.Handled.SILENT);
        assertThat(handle(call(5, 0, 2, 77))).isEqualTo(RpcDispatcher.Handled.SILENT);
    }

    @Test
    void doesARepeatedCallOnce() {
        assertThat(reply(6, 0, 2, 77, 3, 2, 0, 0, 0, 0)).endsWith(1);
        assertThat(reply(6, 0, 2, 77, 3, 2, 0, 0, 0, 0)).endsWith(1);
        assertThat(reply(7, 0, 2, 77, 3, 2, 0, 0, 0, 0)).endsWith(2);
        assertThat(reply(6, 0, 2, 77, 3, 2, 0, 0, 0, 0, 1)).as("other bytes").endsWith(3);
    }

    @Test
    void survivesBytesOfEveryKind() {
        Random random = new Random(100003);
        byte[] valid = call(5, 0, 2, 77, 3, 1, 1, 28, 9, 1, 'a' << 24, 1000, 1001, 1, 27, 0, 0, 1, 2)
                .array();
        for (int round = 0; round < 200_000; round++) {
            byte[] bytes = valid.clone();
            for (int i = random.nextInt(6); i >= 0; i--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            ByteBuffer call = ByteBuffer.wrap(bytes).position(random.nextInt(bytes.length + 1));
            assertThat(handle(call)).isIn(RpcDispatcher.Handled.REPLY, RpcDispatcher.Handled.SILENT);
        }
        assertThat(errors).allSatisfy(e -> assertThat(e).hasMessage("broken"));
    }
}
