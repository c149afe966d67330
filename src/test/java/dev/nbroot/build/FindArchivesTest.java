package dev.nbroot.build;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FindArchivesTest {
    @ParameterizedTest
    @CsvSource({
        "http://a.example.org/debian, http://a.example.org/debian, the mirror does not, is from profile.yaml:2:1",
        "http://a.example.org/debian, http://a.example.org/debian-security, the security archive does not,"
                + " beside the mirror from profile.yaml:2:1",
        "http://a.example.org/debian/2026, http://a.example.org/debian-security/2026, the security archive does not,"
                + " beside the mirror from profile.yaml:2:1",
        "http://a.example.org/debian, http://b.example.org/debian-security, the security archive does not,"
                + " from the host's apt sources"
    })
    void whoDoesNotAnswerIsNamed(String mirror, String uri, String who, String whence) {
        Archive archive = new Archive(mirror, List.of(uri), "profile.yaml:2:1");
        FindArchives step = new FindArchives(
                "bookworm", "bookworm-updates", "bookworm-security", archive, new ReleaseFile(Optional.empty(), false));
        assertThat(step.silent(uri, uri + "/dists/x/InRelease"))
                .hasMessageContaining(who)
                .hasMessageContaining(uri + "/dists/x/InRelease")
                .hasMessageContaining(whence);
    }
}
