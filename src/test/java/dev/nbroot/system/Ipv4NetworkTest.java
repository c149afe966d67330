package dev.nbroot.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.nbroot.report.Failure;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class Ipv4NetworkTest {
    @ParameterizedTest
    @CsvSource({
        "192.168.7.0/24, 192.168.7.0, true",
        "192.168.7.0/24, 192.168.7.255, true",
        "192.168.7.0/24, 192.168.8.0, false",
        "192.168.7.0/24, 192.168.6.255, false",
        "192.168.7.9, 192.168.7.9, true",
        "192.168.7.9, 192.168.7.8, false",
        "128.0.0.0/1, 255.0.0.1, true",
        "128.0.0.0/1, 127.0.0.1, false",
        "0.0.0.0/0, 203.0.113.9, true",
        "10.0.0.4/31, 10.0.0.5, true",
        "10.0.0.4/31, 10.0.0.6, false",
        "0.0.0.0/0, ::1, false",
        "192.168.7.9, ::ffff:192.168.7.9, true",
    })
    void containsItsAddresses(String network, String address, boolean contains) throws UnknownHostException {
        assertThat(Ipv4Network.parse(network, "--x").contains(InetAddress.getByName(address)))
                .isEqualTo(contains);
    }

    @ParameterizedTest
    @ValueSource(strings = {"192.168.7.0/24", "10.1.2.3", "0.0.0.0/0", "255.255.255.254/31"})
    void isWrittenAsItIsRead(String text) {
        assertThat(Ipv4Network.parse(text, "--x")).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "192.168.7",
                "192.168.7.0/",
                "192.168.7.0/33",
                "192.168.7.0/-1",
                "192.168.7.0/024",
                "192.168.7.256",
                "192.168.07.1",
                "192.168.7.0/255.255.255.0",
                "192.168.7.0/24/1",
                "a.b.c.d",
                "1.2.3.4.5",
                " 1.2.3.4"
            })
    void refusesWhatIsNone(String text) {
        assertThatExceptionOfType(Failure.class)
                .isThrownBy(() -> Ipv4Network.parse(text, "--x"))
                .withMessageStartingWith("--x: '" + text + "' ");
    }

    @Test
    void anAddressWithAPrefixIsNotGuessedAt() {
        assertThatExceptionOfType(Failure.class)
                .isThrownBy(() -> Ipv4Network.parse("192.168.7.5/24", "--x"))
                .satisfies(failure -> assertThat(failure.hint())
                        .isEqualTo("write 192.168.7.0/24 for the network, or 192.168.7.5 for the machine"));
    }

    @Test
    void isFoundAroundAnAddress() throws UnknownHostException {
        assertThat(Ipv4Network.around(InetAddress.getByName("172.20.33.9"), 12)).hasToString("172.16.0.0/12");
        assertThat(Ipv4Network.around(InetAddress.getByName("172.20.33.9"), 32)).hasToString("172.20.33.9");
    }
}
