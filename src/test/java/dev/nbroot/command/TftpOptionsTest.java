package dev.nbroot.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import dev.nbroot.serve.TftpChoices;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TftpOptionsTest {
    private static TftpOptions ports(String range) {
        return new TftpOptions(false, Optional.of(range), 65_464, false);
    }

    @Test
    void areTheUsualChoicesUnlessGiven() {
        assertThat(new TftpOptions(false, Optional.empty(), 65_464, false).choices())
                .isEqualTo(TftpChoices.usual());
        assertThat(new TftpOptions(true, Optional.empty(), 1024, true).choices())
                .isEqualTo(new TftpChoices(true, 0, 0, 1024, true));
        assertThat(ports("47000-47999").choices()).isEqualTo(new TftpChoices(false, 47_000, 47_999, 65_464, false));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "47000", "47000-", "0-9", "9-8", "1-65536", "1-99999", "a-b", "-1-5", "1 - 5"})
    void refuseWhatIsNoRange(String range) {
        assertThatThrownBy(ports(range)::choices)
                .isInstanceOfSatisfying(Failure.class, f -> {
                    assertThat(f.kind()).isEqualTo(FailureKind.USAGE);
                    assertThat(f.hint()).contains("such as 47000-47999");
                })
                .hasMessage("--tftp-ports '" + range + "' is no range of ports");
    }

    @Test
    void refuseWhatCannotBe() {
        assertThatThrownBy(() -> new TftpOptions(false, Optional.empty(), 511, false).choices())
                .hasMessage("--tftp-max-blksize 511 is no block size");
        assertThatThrownBy(() -> new TftpOptions(true, Optional.of("1-2"), 512, false).choices())
                .hasMessageContaining("exclude each other");
    }
}
