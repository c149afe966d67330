package dev.nbroot.build;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nbroot.it.Profiles;
import dev.nbroot.profile.Profile;
import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AptRefusalTest {
    private static final Path KEYRING = Path.of("/usr/share/keyrings/keys.gpg");

    @TempDir
    Path directory;

    private static Failure failed(FailureKind kind, String line) {
        return Failure.of(kind, "apt-get failed (exit status 100): apt-get update", "")
                .withDetails(List.of("Get:1 something", line));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "W: GPG error: http://m.example.org bookworm InRelease: The following signatures couldn't be verified because"
                        + " the public key is not available: NO_PUBKEY 0E98 | was not made with a key of",
                "W: GPG error: http://m.example.org bookworm InRelease: The following signatures were invalid: BADSIG 0E98 |"
                        + " does not fit what it signs",
                "E: The repository 'http://m.example.org bookworm InRelease' is not signed. | is missing"
            })
    void aRefusedSignatureIsASentence(String line, String sentence) {
        Failure failure = AptRefusal.ofSignature(failed(FailureKind.COMMAND, line), KEYRING);
        assertThat(failure.kind()).isEqualTo(FailureKind.COMMAND);
        assertThat(failure)
                .hasMessageContaining(sentence)
                .hasMessageContaining("/usr/share/keyrings/keys.gpg")
                .hasMessageContaining("http://m.example.org");
        assertThat(failure.hint()).contains("bootstrap.keyring");
        assertThat(failure.details())
                .containsExactly("apt-get failed (exit status 100): apt-get update", "Get:1 something", line);
    }

    @Test
    void otherFailuresStayWhatTheyAre() {
        Failure other = failed(FailureKind.COMMAND, "E: something else");
        assertThat(AptRefusal.ofSignature(other, KEYRING)).isSameAs(other);
        Failure interrupt = failed(FailureKind.INTERRUPTED, "W: BADSIG");
        assertThat(AptRefusal.ofSignature(interrupt, KEYRING)).isSameAs(interrupt);
        assertThat(AptRefusal.ofDownload(other)).isSameAs(other);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "E: Unable to locate package lesss",
                "E: Package 'lesss' has no installation candidate",
                "E: Unable to locate package lesss:amd64"
            })
    void aPackageThatIsNotThereIsTheProfilesFault(String line) {
        Profile profile = Profiles.with(directory, "bookworm", "packages: [vim-tiny, lesss]\n");
        Failure failure = AptRefusal.ofPackage(failed(FailureKind.COMMAND, line), profile);
        assertThat(failure.kind()).isEqualTo(FailureKind.INVALID_INPUT);
        assertThat(failure)
                .hasMessageContaining("profile.yaml:10:")
                .hasMessageContaining("no package lesss for bookworm");
    }

    @Test
    void anAlteredFileIsNamed() {
        Failure failure = AptRefusal.ofDownload(failed(
                FailureKind.COMMAND,
                "E: Failed to fetch http://m.example.org/pool/l/less_1_amd64.deb  Hash Sum mismatch"));
        assertThat(failure.kind()).isEqualTo(FailureKind.FAILED);
        assertThat(failure).hasMessage("cannot fetch http://m.example.org/pool/l/less_1_amd64.deb: Hash Sum mismatch");
    }
}
