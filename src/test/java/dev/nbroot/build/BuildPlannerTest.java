package dev.nbroot.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nbroot.it.Profiles;
import dev.nbroot.profile.Profile;
import dev.nbroot.release.BootContract;
import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BuildPlannerTest {
    @TempDir
    Path directory;

    private FakeHost fake;

    @BeforeEach
    void makeHost() throws IOException {
        fake = FakeHost.in(Files.createDirectory(directory.resolve("host")));
    }

    private BuildPlan plan(Profile profile) {
        return new BuildPlanner(new BootContract(), fake.host(), "1").plan(profile, Optional::empty);
    }

    private Failure refused(Profile profile) {
        try {
            plan(profile);
        } catch (Failure failure) {
            return failure;
        }
        throw new AssertionError("the plan was made");
    }

    @Test
    void stepsComeInOrder() {
        assertThat(plan(Profiles.with(directory, "bookworm", "")).steps())
                .extracting(BuildStep::id)
                .containsExactly(
                        "mirror", "bootstrap", "sources", "packages", "configure", "initramfs", "clean", "check");
    }

    @Test
    void hooksRunInTheirPhases() {
        Profile profile = Profiles.with(
                directory,
                "bookworm",
                "hooks: {setup: [\"true\"], essential: [\"true\"], customize: [\"true\"], cleanup: [\"true\"]}\n");
        assertThat(plan(profile).steps())
                .extracting(BuildStep::id)
                .containsExactly(
                        "mirror",
                        "hooks-setup",
                        "bootstrap",
                        "sources",
                        "hooks-essential",
                        "packages",
                        "configure",
                        "hooks-customize",
                        "initramfs",
                        "hooks-cleanup",
                        "clean",
                        "check");
    }

    @ParameterizedTest
    @ValueSource(strings = {"bookworm", "trixie"})
    void oneTransactionHasKernelNetworkAndSsh(String suite) {
        List<String> packages = BuildPlanner.packages(
                Profiles.with(directory, suite, "packages: [less, sudo]\n"),
                new BootContract().find(suite).orElseThrow());
        assertThat(packages)
                .contains(
                        "linux-image-amd64",
                        "initramfs-tools",
                        "zstd",
                        "netbase",
                        "systemd-resolved",
                        "openssh-server",
                        "systemd-timesyncd",
                        "less")
                .doesNotHaveDuplicates()
                .doesNotContain("locales", "ifupdown", "network-manager", "grub-pc");
    }

    @Test
    void whatTheProfileNeedsComesAlong() {
        Profile profile = Profiles.with(directory, "bookworm", """
                locale: de_DE.UTF-8
                keyboard: {layout: de}
                initramfs: {compress: xz}
                kernel: linux-image-rt-amd64
                """);
        assertThat(BuildPlanner.packages(
                        profile, new BootContract().find("bookworm").orElseThrow()))
                .contains("locales", "keyboard-configuration", "console-setup", "xz-utils", "linux-image-rt-amd64")
                .doesNotContain("linux-image-amd64");
    }

    @Test
    void anUnknownSuiteIsRefusedWithTheNearestName() {
        Failure failure = refused(Profiles.with(directory, "bookwurm", ""));
        assertThat(failure.kind()).isEqualTo(FailureKind.INVALID_INPUT);
        assertThat(failure).hasMessageContaining("profile.yaml:2:").hasMessageContaining("bookwurm");
        assertThat(failure.hint()).contains("did you mean \"bookworm\"?");
    }

    @Test
    void anArchitectureWithoutKernelIsRefused() {
        Failure failure = refused(Profiles.read(
                directory,
                Profiles.text("bookworm").replace("{suite: bookworm}", "{suite: bookworm, architecture: armhf}")));
        assertThat(failure.kind()).isEqualTo(FailureKind.INVALID_INPUT);
        assertThat(failure).hasMessageContaining("armhf");
        assertThat(failure.hint()).contains("amd64");
    }

    @Test
    void dracutIsRefusedUntilItIsSupported() {
        Failure failure = refused(Profiles.with(directory, "bookworm", "initramfs: {generator: dracut}\n"));
        assertThat(failure.kind()).isEqualTo(FailureKind.INVALID_INPUT);
        assertThat(failure).hasMessageContaining("dracut");
    }

    @ParameterizedTest
    @ValueSource(strings = {"shared", "toram"})
    void aModeThatCannotBeStagedIsRefused(String mode) {
        Failure failure = refused(Profiles.with(directory, "bookworm", "boot: {mode: " + mode + "}\n"));
        assertThat(failure.kind()).isEqualTo(FailureKind.INVALID_INPUT);
        assertThat(failure).hasMessageContaining("profile.yaml:10:").hasMessageContaining(mode);
        assertThat(failure.hint()).contains("stateless", "persistent");
    }

    @ParameterizedTest
    @ValueSource(strings = {"stateless", "persistent"})
    void aModeThatCanBeStagedIsPlanned(String mode) {
        assertThat(plan(Profiles.with(directory, "bookworm", "boot: {mode: " + mode + "}\n"))
                        .steps())
                .isNotEmpty();
    }

    @Test
    void aPasswordInTheMirrorsAddressIsRefusedAndNotShown() {
        fake.without("usr/sbin/debootstrap");
        Failure failure = refused(Profiles.read(
                directory,
                Profiles.text("bookworm")
                        .replace(
                                "{suite: bookworm}",
                                "{suite: bookworm, mirror: \"http://bob:hunter2@mirror.example.org/debian\"}")));
        assertThat(failure.kind()).isEqualTo(FailureKind.INVALID_INPUT);
        assertThat(failure)
                .hasMessageContaining("profile.yaml:2:")
                .hasMessageContaining("password")
                .hasMessageNotContainingAny("hunter2", "bob");
        assertThat(failure.hint()).doesNotContain("hunter2");
    }

    @Test
    void aPasswordInAFurtherSourceIsRefusedAndNotShown() {
        Failure failure = refused(Profiles.with(directory, "bookworm", """
                apt:
                  sources:
                    good: {source: "deb http://tools.example.org/a@b $RELEASE main"}
                    tools: {source: "deb https://bob:hunter2@tools.example.org/debian $RELEASE main"}
                """));
        assertThat(failure.kind()).isEqualTo(FailureKind.INVALID_INPUT);
        assertThat(failure).hasMessageContaining("profile.yaml:13:").hasMessageNotContainingAny("hunter2", "bob");
        assertThat(failure.hint()).doesNotContain("hunter2");
    }

    @Test
    void theProfileIsJudgedBeforeTheHost() {
        fake.file("proc/self/status", "Uid:\t1000\t1000\t1000\t1000\n");
        assertThat(refused(Profiles.with(directory, "bookwurm", "")).kind()).isEqualTo(FailureKind.INVALID_INPUT);
    }

    @Test
    void notRootIsRefused() {
        fake.file("proc/self/status", "Uid:\t1000\t1000\t1000\t1000\n");
        Failure failure = refused(Profiles.with(directory, "bookworm", ""));
        assertThat(failure.kind()).isEqualTo(FailureKind.HOST);
        assertThat(failure.hint()).contains("sudo");
    }

    @Test
    void aMissingToolIsNamedWithItsPackage() {
        fake.without("usr/sbin/debootstrap");
        Failure failure = refused(Profiles.with(directory, "bookworm", ""));
        assertThat(failure.kind()).isEqualTo(FailureKind.HOST);
        assertThat(failure).hasMessageContaining("debootstrap").hasMessageContaining("to make the base system");
        assertThat(failure.hint()).isEqualTo("apt-get install debootstrap");
    }

    @Test
    void aMissingKeyringIsNamedWithItsPackage() {
        fake.without("usr/share/keyrings/debian-archive-keyring.gpg");
        Failure failure = refused(Profiles.with(directory, "trixie", ""));
        assertThat(failure.kind()).isEqualTo(FailureKind.HOST);
        assertThat(failure.hint()).isEqualTo("apt-get install debian-archive-keyring");
    }

    @Test
    void anOldDebootstrapIsRefused() {
        fake.without("usr/share/debootstrap/scripts/trixie");
        Failure failure = refused(Profiles.with(directory, "trixie", ""));
        assertThat(failure.kind()).isEqualTo(FailureKind.HOST);
        assertThat(failure).hasMessageContaining("trixie");
    }

    @Test
    void debootstrapAlwaysVerifies() {
        String shown = plan(Profiles.with(directory, "bookworm", "")).steps().stream()
                .filter(step -> step.id().equals("bootstrap"))
                .findFirst()
                .orElseThrow()
                .details()
                .get(0);
        assertThat(shown)
                .contains("--force-check-gpg")
                .contains("--keyring=/usr/share/keyrings/debian-archive-keyring.gpg")
                .contains("--variant=minbase");
    }

    @Test
    void noSpaceIsToldInMegabytes() {
        assertThatThrownBy(() -> BuildChecks.space(directory, Long.MAX_VALUE))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("no space")
                .hasMessageContaining("MB free");
    }
}
