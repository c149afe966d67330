package dev.nbroot.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MacAddressTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "52:54:00:12:ab:56",
                "52-54-00-12-AB-56",
                "52540012ab56",
                "5254.0012.ab56",
                " 52:54:00:12:AB:56 ",
                "01-52-54-00-12-ab-56"
            })
    void everySpellingHasOneCanonicalForm(String spelling) {
        assertThat(MacAddress.parse(spelling).value()).isEqualTo("52-54-00-12-ab-56");
        assertThat(MacAddress.parse(spelling).colons()).isEqualTo("52:54:00:12:ab:56");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "52:54:00:12:ab",
                "52:54:00:12:ab:5g",
                "52:54-00:12:ab:56",
                "52:54:00:12:ab:56:78",
                "ff:ff:ff:ff:ff:ff",
                "01:00:5e:00:00:01",
                "00:00:00:00:00:00",
                "../../etc/passwd"
            })
    void whatIsNotOneMachinesAddressIsRefused(String spelling) {
        assertThatThrownBy(() -> MacAddress.parse(spelling)).isInstanceOfSatisfying(Failure.class, failure -> {
            assertThat(failure.kind()).isEqualTo(FailureKind.USAGE);
            assertThat(failure.hint()).isNotEmpty();
        });
    }

    @Test
    void aFormThatIsNotCanonicalCannotBeMade() {
        assertThatThrownBy(() -> new MacAddress("52:54:00:12:ab:56")).isInstanceOf(IllegalArgumentException.class);
    }
}
