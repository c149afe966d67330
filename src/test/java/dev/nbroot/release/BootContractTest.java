package dev.nbroot.release;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class BootContractTest {
    private static final BootContract CONTRACT = new BootContract();

    static Stream<Release> releases() {
        return CONTRACT.releases().stream();
    }

    private static Release find(String suite) {
        return CONTRACT.find(suite).orElseThrow();
    }

    @Test
    void theReleasesAreThese() {
        assertThat(CONTRACT.releases())
                .extracting(Release::suite)
                .containsExactly("bookworm", "trixie", "forky", "jammy", "noble", "questing", "resolute");
        assertThat(CONTRACT.find("sid")).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("releases")
    void everyRowIsComplete(Release release) {
        assertThat(release.title()).isNotBlank();
        assertThat(release.generators()).isNotEmpty().doesNotHaveDuplicates();
        assertThat(release.debootstrapScripts()).isNotEmpty().doesNotContain(release.suite());
        assertThat(release.kernels()).containsOnlyKeys("amd64");
        assertThat(release.keyring()).startsWithRaw(Path.of("/usr/share/keyrings"));
        assertThat(release.keyring().getFileName().toString()).startsWith(release.distribution() + "-");
        assertThat(release.areas()).containsAll(release.components());
        assertThat(release.securitySuite()).isEqualTo(release.suite() + "-security");
        assertThat(release.basePackages())
                .doesNotHaveDuplicates()
                .contains("openssh-server", "netbase", "udev", "libnss-myhostname");
    }

    /** Which generator there is decides what else there is: exactly one is installed. */
    @ParameterizedTest
    @MethodSource("releases")
    void theGeneratorsPackagesAreNotTheReleases(Release release) {
        assertThat(release.basePackages())
                .doesNotContain("initramfs-tools", "dracut", "klibc-utils", "nfs-common", "rpcbind");
    }

    @ParameterizedTest
    @CsvSource({
        "bookworm, initramfs-tools",
        "trixie, initramfs-tools",
        "forky, dracut",
        "jammy, initramfs-tools",
        "noble, initramfs-tools",
        "questing, dracut",
        "resolute, dracut"
    })
    void autoIsTheReleasesOwnGenerator(String suite, String word) {
        assertThat(find(suite).generator(Release.AUTO))
                .contains(InitrdGenerator.named(word).orElseThrow());
    }

    @Test
    void theOtherGeneratorCanBeChosenWhereItBoots() {
        assertThat(find("trixie").generator("dracut")).contains(InitrdGenerator.DRACUT);
        assertThat(find("forky").generator("initramfs-tools")).contains(InitrdGenerator.INITRAMFS_TOOLS);
        assertThat(find("bookworm").generator("dracut")).isEmpty();
        assertThat(find("noble").generator("dracut")).isEmpty();
        assertThat(find("forky").generator("mkinitcpio")).isEmpty();
    }

    @Test
    void debianIsTestedUbuntuIsNot() {
        assertThat(CONTRACT.releases())
                .allMatch(release -> release.tested() == release.distribution().equals("debian"));
    }

    @Test
    void ubuntuDiffersWhereItDiffers() {
        assertThat(releases().filter(release -> release.distribution().equals("ubuntu")))
                .hasSize(4)
                .allSatisfy(release -> {
                    assertThat(release.keyringPackage()).isEqualTo("ubuntu-keyring");
                    assertThat(release.components()).containsExactly("main", "universe");
                    assertThat(release.securityInArchive()).isTrue();
                    assertThat(release.network()).isEqualTo(NetworkStack.NETPLAN);
                    assertThat(release.basePackages()).contains("netplan.io");
                    assertThat(release.kernels()).containsEntry("amd64", "linux-image-generic");
                    assertThat(release.debootstrapScripts()).containsExactly("gutsy");
                });
        assertThat(find("jammy").basePackages()).doesNotContain("systemd-resolved");
        assertThat(find("noble").basePackages()).contains("systemd-resolved");
        assertThat(List.of(find("jammy").initrdDhcp(), find("noble").initrdDhcp()))
                .containsExactly(InitrdDhcp.DHCLIENT, InitrdDhcp.DHCPCD);
    }
}
