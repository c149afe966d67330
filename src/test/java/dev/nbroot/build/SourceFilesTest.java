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
                        new FoundArchive("http://mirror.example.org/debian", "bookworm", ""),
                        new FoundArchive("http://mirror.example.org/debian", "bookworm-updates", ""),
                        new FoundArchive("http://mirror.example.org/debian-security", "bookworm-security", "")),
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

    private List<TreeFile> files(String sources) {
        Profile profile = Profiles.with(directory, "bookworm", "apt: {sources: " + sources + "}\n");
        return SourceFiles.of(profile.apt().sources().get(0), KEYRING);
    }

    @Test
    void aSourceWithoutKeyMustBeSignedByTheDistribution() {
        assertThat(files("{tools: {source: \"deb [arch=amd64] http://t.example.org/x $RELEASE main extra\"}}"))
                .containsExactly(TreeFile.of("/etc/apt/sources.list.d/tools.sources", """
                        Types: deb
                        URIs: http://t.example.org/x
                        Suites: bookworm
                        Components: main extra
                        Architectures: amd64
                        Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
                        """));
    }

    @Test
    void aKeyGoesBesideItsSource() {
        List<TreeFile> files =
                files("{tools.list: {source: \"deb http://t.example.org/x ./\", key: \"-----BEGIN PGP PUBLIC"
                        + " KEY BLOCK-----\\n\\nmDME\\n-----END PGP PUBLIC KEY BLOCK-----\\n\"}}");
        assertThat(files)
                .containsExactly(
                        TreeFile.of(
                                "/etc/apt/keyrings/tools.asc",
                                "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nmDME\n-----END PGP PUBLIC KEY BLOCK-----\n"),
                        TreeFile.of("/etc/apt/sources.list.d/tools.sources", """
                                Types: deb
                                URIs: http://t.example.org/x
                                Suites: ./
                                Signed-By: /etc/apt/keyrings/tools.asc
                                """));
    }

    @Test
    void optionsBecomeFields() {
        String text = files("{tools: {source: \"deb [arch=amd64,i386 arch-=armhf by-hash=force lang=none"
                        + " signed-by=/usr/share/keyrings/x.gpg] http://t.example.org/x $RELEASE main\"}}")
                .get(0)
                .text();
        assertThat(text)
                .contains(
                        "Architectures: amd64 i386\n",
                        "Architectures-Remove: armhf\n",
                        "By-Hash: force\n",
                        "Languages: none\n",
                        "Signed-By: /usr/share/keyrings/x.gpg\n");
        assertThat(AptSourceFiles.stanzas(text, Path.of("x")))
                .containsExactly(new AptEntry(
                        "http://t.example.org/x",
                        "bookworm",
                        List.of("main"),
                        "/usr/share/keyrings/x.gpg",
                        Path.of("x")));
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
