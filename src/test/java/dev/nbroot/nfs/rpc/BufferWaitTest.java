package dev.nbroot.nfs.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nbroot.nfs.xdr.XdrIn;
import dev.nbroot.nfs.xdr.XdrOut;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What becomes of a connection that waits for a buffer while others hold them all. */
@Timeout(20)
class BufferWaitTest {
    private static final long STALLED_NANOS = TimeUnit.SECONDS.toNanos(3);
    private static final int WRITE = 0;
    private static final int READ = 1;
    private static final int LATER = 2;
    private static final int CALL_BYTES = 40;

    private final List<Throwable> errors = new CopyOnWriteArrayList<>();
    private final AtomicInteger reads = new AtomicInteger();
    private final List<PooledBuffer> taken = new ArrayList<>();
    private final BufferPool pool = new BufferPool(0, buffer -> 0);
    private Deferral deferral;
    private ServerSocketChannel listener;
    private Selector selector;
    private EventLoop loop;

    /** READ wants a large reply. */
    private final class Program implements RpcProgram {
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
            if (call.procedure() == READ) {
                reads.incrementAndGet();
                room.reserve(1_000_000);
            } else if (call.procedure() == LATER) {
                deferral = call.defer();
                return Outcome.DEFERRED;
            }
            return Outcome.DONE;
        }
    }

    /** A loop that has its programs and does nothing by itself. */
    @BeforeEach
    void standingLoop() throws IOException {
        loop = new EventLoop(pool, new ConnectionTable(100, (who, why) -> {}), e -> dispatcher(), errors::add);
        assertThat(loop.prepare()).isTrue();
        selector = Selector.open();
        listener = ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    private RpcDispatcher dispatcher() {
        return new RpcDispatcher(List.of(new Program()), new DuplicateCache(10, 1), errors::add);
    }

    @AfterEach
    void closeAll() throws IOException {
        assertThat(errors).isEmpty();
        for (SelectionKey key : selector.keys()) {
            key.channel().close();
        }
        selector.close();
        listener.close();
    }

    private interface Use {
        void of(Connection connection, Socket client) throws Exception;
    }

    private void connected(Use use) throws Exception {
        InetSocketAddress server = (InetSocketAddress) listener.getLocalAddress();
        try (Socket client = new Socket(server.getAddress(), server.getPort())) {
            client.setSoTimeout(10_000);
            SocketChannel channel = listener.accept();
            channel.configureBlocking(false);
            Connection connection = new Connection(loop, channel, channel.register(selector, SelectionKey.OP_READ));
            use.of(connection, client);
            connection.close();
        }
    }

    /** Lets a connection read what has come. */
    private void turn(Connection connection) throws IOException {
        assertThat(selector.select(key -> connection.ready(), 10_000)).isPositive();
    }

    private static byte[] call(int procedure, int argumentBytes) {
        ByteBuffer buffer = ByteBuffer.allocate(4 + CALL_BYTES);
        buffer.putInt(CALL_BYTES + argumentBytes | 0x80000000);
        buffer.putInt(procedure).putInt(0).putInt(2).putInt(7).putInt(1).putInt(procedure);
        return buffer.array();
    }

    private void takeAll() {
        BufferShare others = new BufferShare();
        for (int size : new int[] {BufferPool.LARGE, BufferPool.MEDIUM, BufferPool.SMALL}) {
            for (PooledBuffer b = pool.take(size, others); b != null; b = pool.take(size, others)) {
                taken.add(b);
            }
            for (int i = 0; i < 100; i++) {
                // The last quarter of a size is for addresses that hold little of it.
                PooledBuffer last = pool.take(size, new BufferShare());
                if (last != null) {
                    taken.add(last);
                }
            }
        }
    }

    private void giveAll() {
        taken.forEach(pool::give);
        taken.clear();
    }

    /** @param waitingSince when it last moved before it began to wait */
    private static void isNotBlamedForTheWait(Connection connection, long waitingSince) {
        assertThat(connection.isStalled(waitingSince + STALLED_NANOS + 1))
                .as("closed for the time in which others had all buffers")
                .isFalse();
        assertThat(connection.isStalled(connection.progressNanos() + STALLED_NANOS + 1))
                .as("closed for standing still after that")
                .isTrue();
    }

    @Test
    void inTheMiddleOfALargeWrite() throws Exception {
        connected((connection, client) -> {
            client.getOutputStream().write(call(WRITE, 1_000_000));
            turn(connection);
            takeAll();
            client.getOutputStream().write(new byte[100]);
            turn(connection);
            long since = connection.progressNanos();
            assertThat(connection.isStalled(since + STALLED_NANOS + 1))
                    .as("waiting has more time")
                    .isFalse();
            Thread.sleep(20);
            giveAll();
            connection.fed();
            isNotBlamedForTheWait(connection, since);
        });
    }

    @Test
    void beforeALargeReply() throws Exception {
        connected((connection, client) -> {
            client.getOutputStream().write(call(READ, 0));
            client.getOutputStream().write(call(WRITE, 1_000_000));
            takeAll();
            pool.give(taken.remove(taken.size() - 1));
            pool.give(taken.remove(taken.size() - 1));
            turn(connection);
            assertThat(reads.get()).isEqualTo(1);
            long since = connection.progressNanos();
            Thread.sleep(20);
            giveAll();
            connection.fed();
            assertThat(reads.get()).isEqualTo(2);
            isNotBlamedForTheWait(connection, since);
        });
    }

    @Test
    void whoCannotBeFedIsTriedOnceForEachBufferThatComesBack() throws Exception {
        connected((connection, client) -> {
            client.getOutputStream().write(call(READ, 0));
            takeAll();
            pool.give(taken.remove(taken.size() - 1));
            pool.give(taken.remove(taken.size() - 1));
            turn(connection);
            assertThat(pool.givenSince()).isTrue();
            loop.lines().feed();
            while (loop.lines().isSomebodyReady()) {
                loop.lines().turn();
            }
            assertThat(reads.get()).isEqualTo(2);
            assertThat(pool.givenSince()).as("its own small buffer came back").isFalse();
            giveAll();
            loop.lines().feed();
            loop.lines().turn();
            assertThat(reads.get()).isEqualTo(3);
            assertThat(loop.lines().isNobodyStarving()).isTrue();
        });
    }

    @Test
    void waitsInOneLineOnceOnly() throws Exception {
        connected((connection, client) -> {
            client.getOutputStream().write(call(READ, 0));
            takeAll();
            pool.give(taken.remove(taken.size() - 1));
            pool.give(taken.remove(taken.size() - 1));
            turn(connection);
            connection.resume();
            connection.resume();
            assertThat(connection.share().starving()).hasSize(1);
            giveAll();
            loop.lines().feed();
            loop.lines().turn();
            assertThat(loop.lines().isNobodyStarving()).isTrue();
            assertThat(loop.lines().isSomebodyReady()).isFalse();
        });
    }

    @Test
    void aReplyThatFailsHalfWayEndsTheConnection() throws Exception {
        connected((connection, client) -> {
            client.getOutputStream().write(call(LATER, 0));
            turn(connection);
            deferral.finish((out, room) -> {
                out.int32(1);
                throw new IllegalStateException("a deferred call fails");
            });
            assertThatThrownBy(loop::runTasks).hasMessage("a deferred call fails");
            assertThat(client.getInputStream().read()).as("nothing but the end").isEqualTo(-1);
        });
    }
}
