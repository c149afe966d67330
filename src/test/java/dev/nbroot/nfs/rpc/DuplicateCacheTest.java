package dev.nbroot.nfs.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;

class DuplicateCacheTest {
    private final DuplicateCache cache = new DuplicateCache(3, 100);

    private static DuplicateCache.Key key(int xid) {
        return new DuplicateCache.Key(xid, InetAddress.getLoopbackAddress(), 42);
    }

    private static DuplicateCache.Key key(int client, int xid) {
        try {
            byte[] address = {10, (byte) (client >> 16), (byte) (client >> 8), (byte) client};
            return new DuplicateCache.Key(xid, InetAddress.getByAddress(address), 42);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static void call(DuplicateCache cache, DuplicateCache.Key key, long now) {
        assertThat(cache.begin(key, now)).as("%s is new", key).isNull();
        cache.done(key, new byte[] {(byte) key.xid()}, now);
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
    void aBusyClientPushesNobodyElseOut() {
        DuplicateCache shared = new DuplicateCache(100, 1_000_000);
        call(shared, key(1, 1), 0);
        for (int i = 0; i < 1000; i++) {
            call(shared, key(2, i), i);
        }

        assertThat(shared.size()).isEqualTo(100);
        assertThat(shared.begin(key(1, 1), 1000)).containsExactly(1);
        assertThat(shared.begin(key(2, 999), 1000)).containsExactly((byte) 999);
    }

    @Test
    void aNewcomerGetsAnEqualShareOfAFullCache() {
        DuplicateCache shared = new DuplicateCache(100, 1_000_000);
        for (int i = 0; i < 1000; i++) {
            call(shared, key(2, i), i);
        }
        for (int i = 0; i < 50; i++) {
            call(shared, key(1, i), 1000 + i);
        }
        call(shared, key(2, 1000), 1100);

        assertThat(shared.size()).isEqualTo(100);
        for (int i = 0; i < 50; i++) {
            assertThat(shared.begin(key(1, i), 1200)).containsExactly(i);
        }
    }

    @Test
    void ofMoreClientsThanItHasRoomForTheLongestSilentIsForgotten() {
        for (int client = 1; client <= 4; client++) {
            call(cache, key(client, 7), client);
        }

        assertThat(cache.size()).isEqualTo(3);
        for (int client = 2; client <= 4; client++) {
            assertThat(cache.begin(key(client, 7), 10)).containsExactly(7);
        }
        assertThat(cache.begin(key(1, 7), 10)).isNull();
    }

    @Test
    void whatSilentClientsLeftGoesWithTime() {
        for (int client = 1; client <= 3; client++) {
            call(cache, key(client, 7), 0);
        }
        call(cache, key(9, 7), 100);

        assertThat(cache.size()).isEqualTo(1);
        cache.forget(key(9, 7));
        assertThat(cache.size()).isZero();
    }

    @Test
    void aForgottenCallMayBeginAgain() {
        cache.begin(key(1), 0);
        cache.forget(key(1));
        assertThat(cache.begin(key(1), 1)).isNull();
    }
}
