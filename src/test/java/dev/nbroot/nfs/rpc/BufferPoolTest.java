package dev.nbroot.nfs.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BufferPoolTest {
    private final BufferPool pool = new BufferPool(1 << 20, buffer -> 0);

    private List<PooledBuffer> takeAll(int bytes, BufferShare share) {
        List<PooledBuffer> taken = new ArrayList<>();
        for (PooledBuffer b = pool.take(bytes, share); b != null; b = pool.take(bytes, share)) {
            taken.add(b);
        }
        return taken;
    }

    @Test
    void keepsSomethingForOtherAddresses() {
        BufferShare greedy = new BufferShare();
        List<PooledBuffer> taken = takeAll(1, greedy);
        assertThat(taken).hasSizeGreaterThan(24);
        BufferShare modest = new BufferShare();
        PooledBuffer large = pool.take(BufferPool.LARGE, modest);
        assertThat(large).isNotNull();
        assertThat(pool.take(1, modest)).isNotNull();
        pool.give(taken.remove(0));
        assertThat(pool.take(1, greedy)).as("its own came back").isNull();
        pool.give(large);
        assertThat(modest.held(2)).isZero();
    }

    @Test
    void buffersAreLentAgain() {
        BufferShare share = new BufferShare();
        int most = takeAll(BufferPool.LARGE, share).size();
        assertThat(most).isBetween(1, 4);
        ArrayDeque<PooledBuffer> more = new ArrayDeque<>(takeAll(BufferPool.LARGE, new BufferShare()));
        assertThat(more).isNotEmpty();
        pool.give(more.peek());
        assertThat(pool.givenSince()).isTrue();
        assertThat(pool.givenSince()).isFalse();
        assertThat(pool.take(BufferPool.LARGE, new BufferShare())).isSameAs(more.peek());
    }

    @Test
    void sharesEndWithTheLastConnection() throws UnknownHostException {
        BufferShare.Table table = new BufferShare.Table();
        InetAddress address = InetAddress.getByName("192.0.2.1");
        BufferShare first = table.join(address);
        assertThat(table.join(address)).isSameAs(first);
        table.leave(address);
        assertThat(table.size()).isEqualTo(1);
        table.leave(address);
        assertThat(table.size()).isZero();
    }
}
