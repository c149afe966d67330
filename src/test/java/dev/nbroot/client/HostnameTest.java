package dev.nbroot.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import dev.nbroot.system.MacAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostnameTest {
    private static final MacAddress MAC = new MacAddress("52-54-00-ab-cd-ef");

    @ParameterizedTest
    @CsvSource({"node1,node1,node1", "NODE-1,node-1,node-1", "1a,1a,1a", "pc.lab.example.org,pc.lab.example.org,pc"})
    void takesWhatRfc1123Takes(String written, String text, String shortName) {
        Hostname name = Hostname.parse(written);
        assertThat(name.text()).isEqualTo(text);
        assertThat(name.shortName()).isEqualTo(shortName);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-a",
                "a-",
                "a_b",
                "a b",
                "a..b",
                ".a",
                "a.",
                "10.0.0.1",
                "n\u00f6de",
                "a/b",
                "a\nb",
                "localhost",
                "LocalHost.localdomain",
                "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
            })
    void refusesTheRest(String written) {
        assertThatExceptionOfType(Failure.class)
                .isThrownBy(() -> Hostname.parse(written))
                .satisfies(failure -> assertThat(failure.kind()).isEqualTo(FailureKind.USAGE));
    }

    @Test
    void aClientThatWasGivenNoneIsNamedAfterRootAndCard() {
        assertThat(Hostname.of("bookworm", MAC).text()).isEqualTo("bookworm-abcdef");
        assertThat(Hostname.of("My_lab.v2", MAC).text()).isEqualTo("my-lab-v2-abcdef");
        assertThat(Hostname.of("_", MAC).text()).isEqualTo("abcdef");
        assertThat(Hostname.of("r".repeat(100), MAC).text())
                .hasSizeLessThanOrEqualTo(63)
                .endsWith("-abcdef");
    }
}
