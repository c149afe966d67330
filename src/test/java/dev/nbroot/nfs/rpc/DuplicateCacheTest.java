package dev.nbroot.nfs.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;

class DuplicateCacheTest {
    private final DuplicateCache cache = new DuplicateCache(3, 100);

    private static DuplicateCache.Key key(int xid) {
        return new DuplicateCache.Key(xid, InetAddress.getLoopbackAddress(), 42);
    }

    @Test
    void givesTheSameReplyAgain() {
        assertThat(cache.begin(key(1), 0)).isNull();
        assertThat(cache.begin(key(1), 1)).as("still under way").isEmpty();
        cache.done(key(1), new byte[] {9}, 2);
        assertThat(cache.begin(key(1), 3)).containsExactly(9);
    }

    @Test
    void anotherChecksumIsAnotherCall() {
        cache.begin(key(1), 0);
        assertThat(cache.begin(new DuplicateCache.Key(1, InetAddress.getLoopbackAddress(), 43), 0))
                .isNull();
    }

    @Test
    void forgetsWithTime() {
        cache.begin(key(1), 0);
        cache.done(key(1), new byte[] {9}, 0);
        assertThat(cache.begin(key(1), 99)).isNotNull();
        assertThat(cache.begin(key(1), 100)).isNull();
    }

    @Test
    void keepsTheYoungest() {
        for (int i = 0; i < 10; i++) {
            cache.begin(key(i), i);
            cache.done(key(i), new byte[] {(byte) i}, i);
        }
        assertThat(cache.size()).isEqualTo(3);
        assertThat(cache.begin(key(9), 10)).containsExactly(9);
        assertThat(cache.begin(key(0), 10)).isNull();
    }

    @Test
    void aForgottenCallMayBeginAgain() {
        cache.begin(key(1), 0);
        cache.forget(key(1));
        assertThat(cache.begin(key(1), 1)).isNull();
    }
}
