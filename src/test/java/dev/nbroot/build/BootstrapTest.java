package dev.nbroot.build;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nbroot.profile.Bootstrap.Variant;
import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BootstrapTest {
    private final Bootstrap bootstrap = new Bootstrap(
            "bookworm",
            "amd64",
            Variant.MINBASE,
            List.of("main"),
            "http://mirror.example.org/debian",
            Path.of("/usr/share/keyrings/keys.gpg"),
            Optional.empty(),
            "node");

    private static Failure failed(FailureKind kind, String line) {
        return Failure.of(kind, "debootstrap failed (exit status 1): debootstrap --arch=amd64", "")
                .withDetails(List.of("I: Checking Release signature", line));
    }

    @ParameterizedTest
    @CsvSource({
        "E: Release signed by unknown key (key id 0E98404D386FA1D9), is not signed by a key of",
        "E: Invalid Release signature (key id 0E98404D386FA1D9), was changed after it was signed",
        "E: Error executing gpgv to check Release signature, cannot be verified with",
        "E: Failed getting release signature file http://mirror.example.org, cannot be verified with"
    })
    void aRefusedSignatureIsASentence(String line, String sentence) {
        Failure failure = bootstrap.understood(failed(FailureKind.COMMAND, line));
        assertThat(failure.kind()).isEqualTo(FailureKind.COMMAND);
        assertThat(failure)
                .hasMessageContaining(sentence)
                .hasMessageContaining("/usr/share/keyrings/keys.gpg")
                .hasMessageContaining("http://mirror.example.org/debian")
                .hasMessageNotContaining("--arch");
        assertThat(failure.hint()).contains("bootstrap.keyring");
        assertThat(failure.details())
                .containsExactly(
                        "debootstrap failed (exit status 1): debootstrap --arch=amd64",
                        "I: Checking Release signature",
                        line);
    }

    @Test
    void otherFailuresStayWhatTheyAre() {
        Failure other = failed(FailureKind.COMMAND, "E: Couldn't download packages: less");
        assertThat(bootstrap.understood(other)).isSameAs(other);
        Failure interrupt = failed(FailureKind.INTERRUPTED, "E: Invalid Release signature (key id 1)");
        assertThat(bootstrap.understood(interrupt)).isSameAs(interrupt);
    }
}
