package dev.nbroot.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.nbroot.report.Failure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FixedAddressTest {
    @Test
    void thePrefixDecidesWhetherDhcpIsAsked() {
        assertThat(FixedAddress.parse("10.0.0.5").prefix()).isEmpty();
        assertThat(FixedAddress.parse("10.0.0.5/24").prefix()).hasValue(24);
        assertThat(FixedAddress.parse("10.0.0.5/24").address()).hasToString("10.0.0.5");
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.0.0.5/", "10.0.0.5/0", "10.0.0.5/31", "10.0.0.5/024", "10.0.0.5/x", "/24", "10.0.0/24"})
    void refusesTheRest(String text) {
        assertThatExceptionOfType(Failure.class)
                .isThrownBy(() -> FixedAddress.parse(text))
                .withMessageContaining("--address");
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.0.0.0/24", "10.0.0.255/24", "10.0.0.4/30", "10.0.0.7/30", "128.0.0.0/1"})
    void refusesTheNetworksOwnAddresses(String text) {
        assertThatExceptionOfType(Failure.class)
                .isThrownBy(() -> FixedAddress.parse(text))
                .withMessageContaining("not one machine's");
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.0.0.0", "10.0.0.255/16", "10.0.0.5/30", "10.0.0.6/30", "10.0.1.0/16"})
    void takesTheAddressesBetween(String text) {
        assertThat(FixedAddress.parse(text).address()).hasToString(text.replaceAll("/.*", ""));
    }
}
