package dev.nbroot.build;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nbroot.it.Profiles;
import dev.nbroot.profile.Profile;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SourceFilesTest {
    private static final String KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg";

    @TempDir
    Path directory;

    @Test
    void suitesOfOneAddressShareAStanza() {
        TreeFile file = SourceFiles.distribution(
                "debian",
                List.of(
                        "http://mirror.example.org/debian bookworm",
                        "http://mirror.example.org/debian bookworm-updates",
                        "http://mirror.example.org/debian-security bookworm-security"),
                List.of("main", "non-free-firmware"),
                KEYRING);
        assertThat(file.path()).isEqualTo("/etc/apt/sources.list.d/debian.sources");
        assertThat(file.text()).isEqualTo("""
                        Types: deb
                        URIs: http://mirror.example.org/debian
                        Suites: bookworm bookworm-updates
                        Components: main non-free-firmware
                        Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg

                        Types: deb
                        URIs: http://mirror.example.org/debian-security
                        Suites: bookworm-security
                        Components: main non-free-firmware
                        Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
                        """);
        assertThat(AptSourceFiles.stanzas(file.text(), Path.of("x"))).hasSize(3);
    }

    @Test
    void aSourceWithoutKeyMustBeSignedByTheDistribution() {
        Profile profile = Profiles.with(
                directory,
                "bookworm",
                "apt: {sources: {tools: {source: \"deb [arch=amd64] http://t.example.org/x $RELEASE main\"}}}\n");
        assertThat(SourceFiles.of(profile.apt().sources().get(0), KEYRING))
                .containsExactly(TreeFile.of(
                        "/etc/apt/sources.list.d/tools.list",
                        "deb [arch=amd64 signed-by=" + KEYRING + "] http://t.example.org/x bookworm main\n"));
    }

    @Test
    void theBuildsProxyStaysInRun() {
        TreeFile file = new AptSettings(false, Optional.of("http://proxy.example.org:3128"), false).file();
        assertThat(file.path()).startsWith("/run/");
        assertThat(file.text())
                .contains("Acquire::http::Proxy \"http://proxy.example.org:3128\";")
                .contains("APT::Install-Recommends \"false\";")
                .contains("Acquire::Check-Valid-Until \"true\";");
        assertThat(new AptSettings(true, Optional.empty(), true).file().text())
                .contains("APT::Install-Recommends \"true\";")
                .contains("Acquire::Check-Valid-Until \"false\";")
                .doesNotContain("Proxy");
    }
}
