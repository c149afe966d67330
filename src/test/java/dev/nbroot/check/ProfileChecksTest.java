package dev.nbroot.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nbroot.it.Profiles;
import dev.nbroot.profile.Problem;
import dev.nbroot.profile.Profile;
import dev.nbroot.profile.ProfileReader;
import dev.nbroot.profile.Reading;
import dev.nbroot.release.BootContract;
import dev.nbroot.report.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is no trap is left alone; what traps say is in TrapProfilesTest. */
class ProfileChecksTest {
    @TempDir
    Path directory;

    private final ProfileChecks checks = new ProfileChecks(new BootContract());

    @ParameterizedTest
    @ValueSource(
            strings = {
                "packages: [less, chrony, nfs-common, isc-dhcp-client, dhcpcd-base, ifupdown, grub2-theme, dockerfile-lint]",
                "packages: [\"libc6:amd64\"]",
                // A network manager that leaves wired interfaces alone.
                "packages: [network-manager]\nwrite_files: [{path: /etc/NetworkManager/conf.d/a.conf,"
                        + " content: \"[keyfile]\\nunmanaged-devices=type:ethernet\\n\"}]",
                "packages: [connman]\nwrite_files: [{path: /etc/connman/main.conf,"
                        + " content: \"[General]\\nNetworkInterfaceBlacklist=en,eth\\n\"}]",
                "write_files: [{path: /etc/network/interfaces, content: \"iface lo inet loopback\\niface eth0 inet"
                        + " manual\\niface wlan0 inet dhcp\\n\"}]",
                // After our own file, for no wired interface, or keeping what there is.
                "write_files: [{path: /etc/systemd/network/60-x.network, content: \"[Match]\\nType=ether\\n\"}]",
                "write_files: [{path: /etc/systemd/network/10-x.network, content: \"[Match]\\nType=wlan\\n\"}]",
                "write_files: [{path: /etc/systemd/network/10-x.link, content: \"[Match]\\nType=ether\\n\"}]",
                "write_files: [{path: /etc/systemd/network/10-x.network, content:"
                        + " \"[Match]\\nType=ether\\n[Network]\\nKeepConfiguration=yes\\n\"}]",
                "write_files: [{path: /etc/netplan/1.yaml, content: \"network:\\n  ethernets:\\n    a:\\n      critical:"
                        + " true\\n\"}]",
                "write_files: [{path: /etc/netplan/1.yaml, content: \"network:\\n  wifis: {}\\n\"}]",
                "write_files: [{path: /etc/fstab, content: \"# UUID=1 / ext4\\ntmpfs /tmp tmpfs size=1G 0 0\\n/dev/sda1"
                        + " /data ext4 nofail 0 2\\n\"}]",
                "write_files: [{path: /etc/apt/apt.conf.d/90x, content: \"APT::Periodic::Enable 0;\\n\"}]",
                "services: {enable: [ssh, systemd-networkd], disable: [apt-daily.timer], mask: [rpc-statd]}",
                "boot: {cmdline: [panic=10, nfs.nfs4_unique_id=a, net.ifnames=0, conservers=4], console: [tty0, ttyS1, hvc0]}",
                "kernel: linux-image-cloud-amd64",
                "kernel: linux-image-6.1.0-40-amd64\npackages: [linux-image-6.1.0-40-amd64]",
                "locale: de_DE.UTF-8\nlocales: [C, POSIX, de_DE.UTF-8@euro]",
                "swap: {zram: 100%}",
                "hooks: {customize: [\"apt-get clean\", \"/usr/bin/true\", \"test -e a/b\", \"$1/usr/bin/x\",\"cd x/y && z\"]}",
                "hooks: {customize: [{run: \"./x.sh\", chroot: true}, {run: \"usr/bin/x\", chroot: true}]}",
            })
    void whatIsNoTrapIsFine(String more) {
        Verdict verdict = checks.judge(Profiles.with(directory, "bookworm", more + "\n"));
        assertThat(verdict.errors()).isEmpty();
        assertThat(verdict.warnings()).isEmpty();
    }

    @Test
    void aScriptThatIsThereIsFine() throws IOException {
        Path script = Files.writeString(directory.resolve("x.sh"), "true");
        assertThat(script.toFile().setExecutable(true)).isTrue();
        assertThat(checks.judge(Profiles.with(directory, "bookworm", "hooks: {customize: ['./x.sh \"$1\"']}\n"))
                        .errors())
                .isEmpty();
    }

    @Test
    void theShippedProfilesAreFine() throws IOException {
        Files.createDirectory(directory.resolve(".ssh"));
        Files.writeString(directory.resolve(".ssh/id_ed25519.pub"), Profiles.KEY + "\n");
        for (String name : List.of("bookworm", "trixie", "rescue")) {
            Verdict verdict =
                    checks.judge(new ProfileReader(directory).examine(Path.of("profiles", name + ".yaml"), List.of()));
            assertThat(verdict).as(name).isEqualTo(new Verdict(List.of(), List.of()));
        }
    }

    @Test
    void readersProblemsAndTrapsAreToldTogetherInTheOrderOfTheirLines() throws IOException {
        Path file = Files.writeString(directory.resolve("p.yaml"), """
                name: p
                boot: {console: [ttyAMA0]}
                hostname: my_host
                bootstrap: {suite: bookwurm}
                root: {autologin: true}
                """);
        assertThat(checks.judge(new ProfileReader(directory).examine(file, List.of()))
                        .errors())
                .extracting(problem -> problem.at().line())
                .containsExactly(2, 3, 4);
    }

    @Test
    void whatCannotBeMergedIsNotJudged() throws IOException {
        Path file =
                Files.writeString(directory.resolve("p.yaml"), "include: [missing.yaml]\nboot: {console: [ttyAMA0]}\n");
        assertThat(checks.judge(new ProfileReader(directory).examine(file, List.of()))
                        .errors())
                .extracting(Problem::message)
                .singleElement()
                .asString()
                .contains("missing.yaml");
    }

    @Test
    void requireTellsWarningsOrThrowsEverything() throws IOException {
        ProfileReader reader = new ProfileReader(directory);
        Path file = Files.writeString(
                directory.resolve("p.yaml"),
                "name: p\nbootstrap: {suite: bookworm}\nroot: {autologin: true}\npackages: [snapd]\n");
        List<Problem> told = new ArrayList<>();
        Profile profile = checks.require(reader.examine(file, List.of()), told::add);
        assertThat(profile.name()).isEqualTo("p");
        assertThat(told).extracting(Problem::message).singleElement().asString().contains("snapd");
        Reading bad = reader.examine(file, List.of("boot.console=[ttyAMA0]", "hostname=a_b"));
        assertThatThrownBy(() -> checks.require(bad, told::add))
                .isInstanceOfSatisfying(
                        Failure.class, failure -> assertThat(failure.details()).hasSize(1));
        assertThat(told).hasSize(1);
    }
}
