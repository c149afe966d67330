package dev.nbroot.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nbroot.it.Profiles;
import dev.nbroot.profile.Profile;
import dev.nbroot.release.BootContract;
import dev.nbroot.release.Release;
import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArchiveChoiceTest {
    private static final String INSTALLERS = """
            Types: deb
            URIs: http://mirror.example.org:8080/pub/debian/
            Suites: bookworm bookworm-updates
            Components: main
            Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg

            Types: deb
            URIs: http://mirror.example.org:8080/pub/debian-security
            Suites: bookworm-security
            Components: main
            Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
            """;

    private final BootContract contract = new BootContract();

    @TempDir
    Path directory;

    private FakeHost fake;

    @BeforeEach
    void makeHost() throws IOException {
        fake = FakeHost.in(Files.createDirectory(directory.resolve("host")));
    }

    private Archive choose(Profile profile) {
        Release release = contract.find(profile.bootstrap().suite()).orElseThrow();
        return new ArchiveChoice(fake.host()).of(profile, release);
    }

    private Profile profile(String suite) {
        return Profiles.with(directory, suite, "");
    }

    private Profile profile(String suite, String bootstrap) {
        return Profiles.read(
                directory,
                Profiles.text(suite).replace("{suite: " + suite + "}", "{suite: " + suite + ", " + bootstrap + "}"));
    }

    @Test
    void takesTheHostsOwnWithPortAndPath() {
        fake.file("etc/apt/sources.list.d/debian.sources", INSTALLERS);
        Archive archive = choose(profile("bookworm"));
        assertThat(archive.uri()).isEqualTo("http://mirror.example.org:8080/pub/debian");
        assertThat(archive.security()).containsExactly("http://mirror.example.org:8080/pub/debian-security");
        assertThat(archive.origin()).endsWith("debian.sources");
    }

    @Test
    void theHostsArchiveServesOtherSuitesToo() {
        fake.file("etc/apt/sources.list.d/debian.sources", INSTALLERS);
        assertThat(choose(profile("trixie")).uri()).isEqualTo("http://mirror.example.org:8080/pub/debian");
    }

    @Test
    void nobodysMirrorIsTakenForUbuntusOnDebian() {
        fake.file("etc/apt/sources.list.d/debian.sources", INSTALLERS);
        assertThatThrownBy(() -> choose(profile("noble")))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("no mirror of ubuntu")
                .hasMessageNotContainingAny("default.example.org", "pub/debian")
                .extracting("hint")
                .asString()
                .contains("http://mirror.example.org/ubuntu");
    }

    @Test
    void ubuntusSecurityUpdatesAreInItsArchive() {
        Archive archive = choose(profile("noble", "mirror: \"http://mirror.example.org/ubuntu/\""));
        assertThat(archive.uri()).isEqualTo("http://mirror.example.org/ubuntu");
        assertThat(archive.security()).containsExactly("http://mirror.example.org/ubuntu");
    }

    @Test
    void anUbuntuHostsArchiveIsForUbuntuOnly() {
        fake.file("etc/os-release", "ID=ubuntu\nVERSION_CODENAME=noble\n");
        fake.file("etc/apt/sources.list.d/ubuntu.sources", """
                Types: deb
                URIs: http://mirror.example.org/ubuntu/
                Suites: noble noble-updates noble-security
                Components: main universe
                Signed-By: /usr/share/keyrings/ubuntu-archive-keyring.gpg
                """);
        assertThat(choose(profile("jammy")).uri()).isEqualTo("http://mirror.example.org/ubuntu");
        assertThat(choose(profile("jammy")).security()).containsExactly("http://mirror.example.org/ubuntu");
        assertThat(choose(profile("bookworm")).uri()).isEqualTo("http://default.example.org/debian");
    }

    @Test
    void ignoresThirdPartiesOfTheSameCodeName() {
        fake.file("etc/apt/sources.list.d/a-vendor.list", "deb https://vendor.example.org/debian bookworm main\n");
        fake.file(
                "etc/apt/sources.list.d/b-vendor.sources",
                "Types: deb\nURIs: https://other.example.org\nSuites: bookworm\nComponents: main\n"
                        + "Signed-By: /usr/share/keyrings/other.gpg\n");
        fake.file("etc/apt/sources.list.d/debian.sources", INSTALLERS);
        assertThat(choose(profile("bookworm")).uri()).isEqualTo("http://mirror.example.org:8080/pub/debian");
    }

    @Test
    void aHostWithThirdPartiesOnlyLeavesTheChoiceToDebootstrap() {
        fake.file("etc/apt/sources.list.d/a-vendor.list", "deb https://vendor.example.org/debian bookworm main\n");
        assertThat(choose(profile("bookworm")).uri()).isEqualTo("http://default.example.org/debian");
    }

    @Test
    void anOldStyleFileIsTheInstallers() {
        fake.file("etc/apt/sources.list", """
                deb cdrom:[Debian 12]/ bookworm main
                deb http://old.example.org/debian/ bookworm main
                deb http://security.example.org/debian-security bookworm-security main
                """);
        Archive archive = choose(profile("bookworm"));
        assertThat(archive.uri()).isEqualTo("http://old.example.org/debian");
        assertThat(archive.security()).containsExactly("http://security.example.org/debian-security");
    }

    @Test
    void updatesAtTheSameAddressTellTheDistribution() {
        fake.file("etc/apt/sources.list.d/company.list", """
                deb http://vendor.example.org/tools bookworm main
                deb http://intern.example.org/mirror bookworm main
                deb http://intern.example.org/mirror bookworm-updates main
                """);
        assertThat(choose(profile("bookworm")).uri()).isEqualTo("http://intern.example.org/mirror");
    }

    @Test
    void anotherDistributionsHostHasNoArchiveOfOurs() {
        fake.file("etc/os-release", "ID=ubuntu\nVERSION_CODENAME=noble\n");
        fake.file("etc/apt/sources.list", "deb http://mirror.example.org/ubuntu noble main\n");
        assertThat(choose(profile("bookworm")).uri()).isEqualTo("http://default.example.org/debian");
    }

    @Test
    void theProfileWins() {
        fake.file("etc/apt/sources.list.d/debian.sources", INSTALLERS);
        Archive archive = choose(profile("bookworm", "mirror: \"http://own.example.org/debian/\""));
        assertThat(archive.uri()).isEqualTo("http://own.example.org/debian");
        assertThat(archive.security())
                .containsExactly(
                        "http://own.example.org/debian-security", "http://mirror.example.org:8080/pub/debian-security");
        assertThat(archive.origin()).contains("profile.yaml:2:");
    }

    @Test
    void aSnapshotLiesBelowItsMirror() {
        Archive archive = choose(
                profile("bookworm", "mirror: \"http://snap.example.org/archive/debian\", snapshot: 20260801T000000Z"));
        assertThat(archive.uri()).isEqualTo("http://snap.example.org/archive/debian/20260801T000000Z");
        assertThat(archive.security())
                .containsExactly("http://snap.example.org/archive/debian-security/20260801T000000Z");
    }

    @Test
    void aMirrorOnDiskIsRefused() {
        assertThatThrownBy(() -> choose(profile("bookworm", "mirror: \"file:///srv/mirror\"")))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("profile.yaml:2:")
                .hasMessageContaining("file: mirror");
    }

    @Test
    void aSnapshotWithoutMirrorIsRefused() {
        assertThatThrownBy(() -> choose(profile("bookworm", "snapshot: 20260801T000000Z")))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("profile.yaml:2:")
                .hasMessageContaining("needs a mirror");
    }

    @Test
    void nobodyKnowsAMirror() {
        fake.tool("usr/sbin/debootstrap", "#!/bin/sh\n");
        assertThatThrownBy(() -> choose(profile("bookworm")))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("there is no mirror");
    }

    @ParameterizedTest
    @ValueSource(strings = {"://mirror", "/debian-security"})
    void aPasswordInTheHostsSourcesIsRefusedAndNotShown(String secretive) {
        fake.file("etc/apt/sources.list.d/debian.sources", withSecret(secretive));
        assertThatThrownBy(() -> choose(profile("bookworm")))
                .isInstanceOfSatisfying(Failure.class, failure -> {
                    assertThat(failure.kind()).isEqualTo(FailureKind.HOST);
                    assertThat(failure.hint()).contains("bootstrap.mirror").doesNotContain("hunter2");
                })
                .hasMessageContaining("debian.sources")
                .hasMessageNotContainingAny("hunter2", "bob");
    }

    @Test
    void aMirrorOfTheProfileNeedsNoPasswordOfTheHost() {
        fake.file("etc/apt/sources.list.d/debian.sources", withSecret("://mirror"));
        assertThat(choose(profile("bookworm", "mirror: \"http://own.example.org/debian\""))
                        .security())
                .containsExactly("http://own.example.org/debian-security");
    }

    /** The installer's entries, those addresses with a password that contain a text. */
    private static String withSecret(String part) {
        return INSTALLERS
                .lines()
                .map(line -> line.contains(part) ? line.replace("://", "://bob:hunter2@") : line)
                .collect(Collectors.joining("\n"));
    }
}
