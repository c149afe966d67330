package dev.nbroot.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.nbroot.report.Failure;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Ipv4AddressTest {
    @ParameterizedTest
    @ValueSource(strings = {"10.0.0.1", "192.168.255.254", "127.0.0.1", "223.255.255.255", "1.2.3.0"})
    void readsAndWritesTheDottedForm(String text) {
        assertThat(Ipv4Address.parse(text, "--server")).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "10.0.0",
                "10.0.0.1.2",
                "10.0.0.256",
                "010.0.0.1",
                "0x0a.0.0.1",
                "10.0.0.1/24",
                "host",
                "::ffff:10.0.0.1",
                "0.0.0.0",
                "0.1.2.3",
                "224.0.0.1",
                "255.255.255.255",
                "10.0.0.-1",
                "99999999999.0.0.1"
            })
    void refusesTheRestWithTheOptionsName(String text) {
        assertThatExceptionOfType(Failure.class)
                .isThrownBy(() -> Ipv4Address.parse(text, "--address"))
                .withMessageStartingWith("--address '" + text + "'");
    }
}
