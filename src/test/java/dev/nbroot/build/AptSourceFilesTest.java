package dev.nbroot.build;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AptSourceFilesTest {
    private static final Path FILE = Path.of("/etc/apt/sources.list");

    @Test
    void readsALine() {
        assertThat(AptSourceFiles.lines("deb http://mirror.example.org/debian bookworm main contrib\n", FILE))
                .containsExactly(new AptEntry(
                        "http://mirror.example.org/debian", "bookworm", List.of("main", "contrib"), "", FILE));
    }

    @Test
    void readsOptionsOfALine() {
        assertThat(AptSourceFiles.lines(
                        "deb [arch=amd64 signed-by=/usr/share/keyrings/x.gpg] https://x.example.org/ bookworm main",
                        FILE))
                .containsExactly(new AptEntry(
                        "https://x.example.org", "bookworm", List.of("main"), "/usr/share/keyrings/x.gpg", FILE));
    }

    @Test
    void keepsPortAndPath() {
        assertThat(AptSourceFiles.lines("deb http://cache.example.org:3142/deb/debian/ trixie main", FILE))
                .extracting(AptEntry::uri)
                .containsExactly("http://cache.example.org:3142/deb/debian");
    }

    @Test
    void leavesOutCommentsSourcesAndRubbish() {
        String text = """
                # deb http://a.example.org/debian bookworm main
                deb-src http://b.example.org/debian bookworm main
                rubbish

                deb http://c.example.org/debian bookworm main # a remark
                deb http://flat.example.org/ ./
                """;
        assertThat(AptSourceFiles.lines(text, FILE))
                .extracting(AptEntry::uri)
                .containsExactly("http://c.example.org/debian", "http://flat.example.org");
    }

    @Test
    void readsEveryUriAndSuiteOfAStanza() {
        String text = """
                # made by the installer
                Types: deb deb-src
                URIs: http://a.example.org/debian http://b.example.org/debian/
                Suites: bookworm bookworm-updates
                Components: main
                 non-free-firmware
                Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
                """;
        assertThat(AptSourceFiles.stanzas(text, FILE))
                .extracting(AptEntry::uri, AptEntry::suite)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("http://a.example.org/debian", "bookworm"),
                        org.assertj.core.groups.Tuple.tuple("http://a.example.org/debian", "bookworm-updates"),
                        org.assertj.core.groups.Tuple.tuple("http://b.example.org/debian", "bookworm"),
                        org.assertj.core.groups.Tuple.tuple("http://b.example.org/debian", "bookworm-updates"));
        assertThat(AptSourceFiles.stanzas(text, FILE).get(0).components()).containsExactly("main", "non-free-firmware");
    }

    @Test
    void leavesOutDisabledAndSourceStanzas() {
        String text = """
                Types: deb
                Enabled: no
                URIs: http://a.example.org/debian
                Suites: bookworm
                Components: main

                Types: deb-src
                URIs: http://b.example.org/debian
                Suites: bookworm
                Components: main
                """;
        assertThat(AptSourceFiles.stanzas(text, FILE)).isEmpty();
    }

    @Test
    void namesOfFieldsMayBeInAnyCase() {
        assertThat(AptSourceFiles.stanzas(
                        "types: deb\nuris: http://a.example.org\nSUITES: x\ncomponents: main\n", FILE))
                .hasSize(1);
    }

    @Test
    void aKeyInsideAStanzaIsNoField() {
        String text = """
                Types: deb
                URIs: http://a.example.org/debian
                Suites: bookworm
                Components: main
                Signed-By:
                 -----BEGIN PGP PUBLIC KEY BLOCK-----
                 .
                 URIs: not a field
                """;
        assertThat(AptSourceFiles.stanzas(text, FILE))
                .extracting(AptEntry::uri)
                .containsExactly("http://a.example.org/debian");
    }

    @Test
    void readsAllFilesThatAptWouldRead(@TempDir Path apt) throws IOException {
        Files.writeString(apt.resolve("sources.list"), "deb http://one.example.org/debian bookworm main\n");
        Files.createDirectory(apt.resolve("sources.list.d"));
        Files.writeString(apt.resolve("sources.list.d/two.list"), "deb http://two.example.org/debian bookworm main\n");
        Files.writeString(
                apt.resolve("sources.list.d/three.sources"),
                "Types: deb\nURIs: http://three.example.org\nSuites: bookworm\nComponents: main\n");
        Files.writeString(
                apt.resolve("sources.list.d/four.list.save"), "deb http://four.example.org/debian bookworm main\n");
        assertThat(AptSourceFiles.read(apt))
                .extracting(AptEntry::uri)
                .containsExactly(
                        "http://one.example.org/debian", "http://three.example.org", "http://two.example.org/debian");
    }

    @Test
    void aHostWithoutAptHasNone(@TempDir Path directory) {
        assertThat(AptSourceFiles.read(directory.resolve("missing"))).isEmpty();
    }
}
