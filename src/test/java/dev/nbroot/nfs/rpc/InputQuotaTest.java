package dev.nbroot.nfs.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;

class InputQuotaTest {
    @Test
    void boundsEachAddressByItself() throws UnknownHostException {
        InputQuota quota = new InputQuota();
        InetAddress greedy = InetAddress.getByName("192.0.2.1");
        InetAddress other = InetAddress.getByName("192.0.2.2");
        for (int i = 0; i < InputQuota.MOST; i++) {
            assertThat(quota.take(greedy)).isTrue();
        }
        assertThat(quota.take(greedy)).isFalse();
        assertThat(quota.take(other)).isTrue();
        quota.give(greedy);
        assertThat(quota.take(greedy)).isTrue();
        assertThat(quota.take(greedy)).isFalse();
    }
}
