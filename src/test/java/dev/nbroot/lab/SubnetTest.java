package dev.nbroot.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nbroot.report.Failure;
import org.junit.jupiter.api.Test;

class SubnetTest {
    @Test
    void clientsStartAtOneHundredAndOne() {
        Subnet subnet = new Subnet("10.77.0.1");

        assertThat(subnet.client(0)).isEqualTo("10.77.0.101");
        assertThat(subnet.client(99)).isEqualTo("10.77.0.200");
    }

    @Test
    void theServersOwnAddressIsLeftOut() {
        Subnet subnet = new Subnet("192.168.1.102");

        assertThat(subnet.client(0)).isEqualTo("192.168.1.101");
        assertThat(subnet.client(1)).isEqualTo("192.168.1.103");
        assertThat(subnet.client(99)).isEqualTo("192.168.1.201");
    }

    @Test
    void onlyAnIpv4AddressWillDo() {
        assertThatThrownBy(() -> new Subnet("server.lan")).isInstanceOf(Failure.class);
    }
}
