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
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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
        return new BuildPlanner(new BootContract(), fake.host(), "1")
                .plan(profile, new PackageSource.Archives(), OptionalLong.empty(), () -> HostApt.PLAIN);
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
                        "mirror",
                        "choose",
                        "bootstrap",
                        "sources",
                        "packages",
                        "configure",
                        "initramfs",
                        "clean",
                        "check");
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
                        "choose",
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
    @ValueSource(strings = {"bookworm", "trixie", "forky"})
    void oneTransactionHasKernelNetworkAndSsh(String suite) {
        List<String> packages = BuildPlanner.packages(
                Profiles.with(directory, suite, "packages: [less, sudo]\n"),
                new BootContract().find(suite).orElseThrow());
        assertThat(packages)
                .contains(
                        "linux-image-amd64",
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
    void scratchOnABlockDeviceComesWithWhatRepairsIt() {
        Release release = new BootContract().find("bookworm").orElseThrow();
        for (String kind : new String[] {"disk", "image"}) {
            assertThat(BuildPlanner.packages(Profiles.with(directory, "bookworm", "scratch: " + kind + "\n"), release))
                    .contains("e2fsprogs");
        }
        assertThat(BuildPlanner.packages(Profiles.with(directory, "bookworm", "scratch: tmpfs\n"), release))
                .doesNotContain("e2fsprogs");
    }

    @Test
    void zramComesWithItsGenerator() {
        Release release = new BootContract().find("bookworm").orElseThrow();
        assertThat(BuildPlanner.packages(Profiles.with(directory, "bookworm", "swap: {zram: 50%}\n"), release))
                .contains("systemd-zram-generator");
        assertThat(BuildPlanner.packages(Profiles.with(directory, "bookworm", ""), release))
                .doesNotContain("systemd-zram-generator");
    }

    @Test
    void anotherTimeDaemonTakesThePlaceOfTheUsualOne() {
        assertThat(BuildPlanner.packages(
                        Profiles.with(directory, "bookworm", "packages: [chrony]\n"),
                        new BootContract().find("bookworm").orElseThrow()))
                .contains("chrony")
                .doesNotContain("systemd-timesyncd");
    }

    @Test
    void everythingWrongWithTheProfileIsToldAtOnce() {
        Failure failure = refused(Profiles.with(
                directory, "bookwurm", "boot: {console: [ttyAMA0], cmdline: [rw]}\npackages: [connman]\n"));
        assertThat(failure).hasMessageContaining("bookwurm");
        assertThat(failure.details()).hasSize(3).allMatch(line -> line.contains("profile.yaml:1"));
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
    void aGeneratorThatDoesNotBootTheReleaseIsRefused() {
        Failure failure = refused(Profiles.with(directory, "noble", "initramfs: {generator: dracut}\n"));
        assertThat(failure.kind()).isEqualTo(FailureKind.INVALID_INPUT);
        assertThat(failure).hasMessageContaining("profile.yaml:10:").hasMessageContaining("noble with dracut");
        assertThat(failure.hint()).contains("auto", "initramfs-tools");
    }

    @ParameterizedTest
    @CsvSource({
        "bookworm, auto, initramfs-tools",
        "trixie, auto, initramfs-tools",
        "trixie, dracut, dracut",
        "forky, auto, dracut",
        "forky, initramfs-tools, initramfs-tools"
    })
    void exactlyOneGeneratorIsInstalledBeforeTheKernel(String suite, String wanted, String generator) {
        BuildPlan plan = plan(Profiles.with(directory, suite, "initramfs: {generator: " + wanted + "}\n"));
        List<String> packages = BuildPlanner.packages(plan.profile(), plan.release());
        assertThat(plan.generator().word()).isEqualTo(generator);
        assertThat(packages)
                .filteredOn(List.of("initramfs-tools", "dracut")::contains)
                .containsExactly(generator);
        assertThat(packages.indexOf(generator)).isLessThan(packages.indexOf("linux-image-amd64"));
        assertThat(packages)
                .filteredOn(name -> name.equals("nfs-common") || name.equals("klibc-utils"))
                .containsExactly(generator.equals("dracut") ? "nfs-common" : "klibc-utils");
    }

    @ParameterizedTest
    @CsvSource({"forky, initramfs-tools", "trixie, dracut", "forky, overlayroot"})
    void aPackageThatWouldDriveTheGeneratorOutIsRefused(String suite, String name) {
        Failure failure = refused(Profiles.with(directory, suite, "packages: [less, " + name + "]\n"));
        assertThat(failure.kind()).isEqualTo(FailureKind.INVALID_INPUT);
        assertThat(failure).hasMessageContaining("profile.yaml:10:").hasMessageContaining(name + " and ");
        assertThat(failure.hint()).contains("initramfs.generator");
    }

    @Test
    void aReleaseNewerThanDebootstrapIsMadeByAnotherOnesScript() {
        assertThat(bootstrap(plan(Profiles.with(directory, "forky", "")))).endsWith(" sid");
        assertThat(bootstrap(plan(Profiles.with(directory, "trixie", "")))).doesNotContain("sid");
        fake.file("usr/share/debootstrap/scripts/forky", "");
        assertThat(bootstrap(plan(Profiles.with(directory, "forky", "")))).doesNotContain("sid");
    }

    private static String bootstrap(BuildPlan plan) {
        return plan.steps().stream()
                .filter(step -> step.id().equals("bootstrap"))
                .findFirst()
                .orElseThrow()
                .details()
                .get(0);
    }

    @Test
    void ubuntuHasItsOwnMirrorKeyringAndComponents() {
        fake.file("usr/share/debootstrap/scripts/gutsy", "");
        fake.file("usr/share/keyrings/ubuntu-archive-keyring.gpg", "keys");
        String mirror = "{suite: noble, mirror: \"http://mirror.example.org/ubuntu\"}";
        BuildPlan plan = plan(Profiles.read(directory, Profiles.text("noble").replace("{suite: noble}", mirror)));
        assertThat(bootstrap(plan)).endsWith("http://mirror.example.org/ubuntu gutsy");
        assertThat(plan.steps())
                .filteredOn(ChoosePackages.class::isInstance)
                .singleElement()
                .extracting(ChoosePackages.class::cast)
                .satisfies(step -> {
                    assertThat(step.keyring()).hasToString("/usr/share/keyrings/ubuntu-archive-keyring.gpg");
                    assertThat(step.details()).contains("components: main universe");
                });
    }

    @Test
    void aComponentOfAnotherDistributionIsRefused() {
        Failure failure = refused(Profiles.read(
                directory,
                Profiles.text("noble").replace("{suite: noble}", "{suite: noble, components: [main, non-free]}")));
        assertThat(failure.kind()).isEqualTo(FailureKind.INVALID_INPUT);
        assertThat(failure).hasMessageContaining("profile.yaml:2:").hasMessageContaining("'non-free'");
        assertThat(failure.hint()).contains("universe");
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
        fake.without("usr/share/debootstrap/scripts/sid");
        Failure failure = refused(Profiles.with(directory, "trixie", ""));
        assertThat(failure.kind()).isEqualTo(FailureKind.HOST);
        assertThat(failure).hasMessageContaining("trixie");
    }

    @Test
    void debootstrapFetchesNothing() {
        assertThat(bootstrap(plan(Profiles.with(directory, "bookworm", ""))))
                .contains("--unpack-tarball=")
                .contains("--variant=minbase");
    }

    @Test
    void aLockMadeHereFitsOnAnotherMachine() {
        Profile profile = Profiles.with(directory, "bookworm", "packages: [less]\n");
        String wanted = plan(profile).wanted();
        fake.file("usr/share/keyrings/debian-archive-keyring.gpg", "newer keys");
        assertThat(new BuildPlanner(new BootContract(), fake.host(), "1")
                        .plan(
                                profile,
                                new PackageSource.Archives(),
                                OptionalLong.empty(),
                                () -> new HostApt(Optional.empty(), true))
                        .wanted())
                .isEqualTo(wanted);
        assertThat(plan(Profiles.with(directory, "bookworm", "packages: [nano]\n"))
                        .wanted())
                .isNotEqualTo(wanted);
    }

    @Test
    void noSpaceIsToldInMegabytes() {
        assertThatThrownBy(() -> BuildChecks.space(directory, Long.MAX_VALUE))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("no space")
                .hasMessageContaining("MB free");
    }
}
