package dev.nbroot.profile;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Good profiles become the records they describe. */
class ProfileReaderTest {
    private static final Path GOOD = Path.of("src/test/resources/good-profiles");

    @TempDir
    Path home;

    @BeforeEach
    void makeKey() throws IOException {
        Files.writeString(home.resolve("admin.pub"), Keys.ECDSA);
    }

    private Profile read(String name) {
        return new ProfileReader(home).read(GOOD.resolve(name), List.of());
    }

    @Test
    void theShortestProfileHasTheDefaultsOfTheManual() {
        Profile profile = read("defaults.yaml");
        assertThat(profile.bootstrap())
                .isEqualTo(new Bootstrap(
                        "bookworm",
                        "amd64",
                        Bootstrap.Variant.MINBASE,
                        Optional.empty(),
                        List.of("main"),
                        Optional.empty(),
                        Optional.empty()));
        assertThat(profile.apt()).isEqualTo(new Apt(false, Optional.empty(), List.of(), List.of()));
        assertThat(profile.packages()).isEmpty();
        assertThat(profile.kernel()).isEqualTo(new Kernel.Auto());
        assertThat(profile.hostname()).isEqualTo("node");
        assertThat(profile.locale()).isEqualTo("C.UTF-8");
        assertThat(profile.timezone()).isEqualTo("Etc/UTC");
        assertThat(profile.keyboard()).isEmpty();
        assertThat(profile.sshPwauth()).isFalse();
        assertThat(profile.services()).isEqualTo(new Services(List.of(), List.of(), List.of()));
        assertThat(profile.hooks()).isEqualTo(new Hooks(List.of(), List.of(), List.of(), List.of()));
        assertThat(profile.initramfs())
                .isEqualTo(new Initramfs(
                        Initramfs.Generator.AUTO, Initramfs.Modules.NETBOOT, Initramfs.Compress.ZSTD, List.of()));
        assertThat(profile.boot())
                .isEqualTo(new Boot(
                        Boot.Mode.STATELESS,
                        List.of(new Boot.Console("tty0", ""), new Boot.Console("ttyS0", "115200")),
                        List.of("quiet")));
    }

    @Test
    void bootstrapAndApt() {
        Profile profile = read("everything.yaml");
        assertThat(profile.name()).isEqualTo("everything-1.0");
        assertThat(profile.bootstrap())
                .isEqualTo(new Bootstrap(
                        "trixie",
                        "arm64",
                        Bootstrap.Variant.BUILDD,
                        Optional.of("http://mirror.example.org/debian"),
                        List.of("main", "contrib"),
                        Optional.of("20260801T000000Z"),
                        Optional.of(GOOD.resolve("keys/two.pub").toAbsolutePath())));
        assertThat(profile.apt().sources())
                .extracting(AptSource::line)
                .containsExactly(
                        "deb [arch=arm64] http://mirror.example.org/tools trixie main extra",
                        "deb-src file:/srv/debs ./");
        assertThat(profile.apt().sources()).extracting(AptSource::filename).containsExactly("tools", "local");
        assertThat(profile.apt().sources().get(0).key().orElseThrow())
                .startsWith("-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nmDME")
                .endsWith("-----END PGP PUBLIC KEY BLOCK-----");
        assertThat(profile.apt().debconfSelections())
                .containsExactly(
                        new DebconfSelection("console-setup", "console-setup/charmap47", "select", "UTF-8"),
                        new DebconfSelection("tzdata", "tzdata/Areas", "select", ""),
                        new DebconfSelection(
                                "popularity-contest", "popularity-contest/participate", "boolean", "false"));
        assertThat(profile.packages()).containsExactly("less", "libc6:arm64", "g++");
        assertThat(profile.kernel()).isEqualTo(new Kernel.Package("linux-image-cloud-arm64"));
        assertThat(profile.keyboard()).contains(new Keyboard("de,us", "pc104", "nodeadkeys", "compose:ralt"));
    }

    @Test
    void accounts() {
        Profile profile = read("everything.yaml");
        User ada = profile.users().get(0);
        assertThat(ada.uid()).contains(1234L);
        assertThat(ada.primaryGroup()).contains("people");
        assertThat(ada.groups()).containsExactly("sudo", "plugdev");
        assertThat(ada.home()).isEqualTo(Path.of("/srv/ada"));
        assertThat(ada.shell()).isEqualTo(Path.of("/bin/sh"));
        assertThat(ada.createHome()).isTrue();
        assertThat(ada.sudo()).containsExactly("ALL=(ALL) NOPASSWD:ALL", "ALL=(root) /bin/true");
        assertThat(ada.passwd().orElseThrow().crypt()).isEqualTo(Keys.HASH);
        assertThat(ada.sshAuthorizedKeys()).hasSize(3);
        assertThat(ada.sshAuthorizedKeys().get(0).options())
                .isEqualTo("from=\"10.0.0.0/8\",command=\"echo \\\"hi there\\\"\"");
        assertThat(ada.sshAuthorizedKeys().get(2).line()).isEqualTo(Keys.ECDSA);

        User robot = profile.users().get(1);
        assertThat(robot.system()).isTrue();
        assertThat(robot.createHome()).isFalse();
        assertThat(robot.passwd().orElseThrow().crypt()).isEqualTo("!" + Keys.HASH);
        assertThat(robot.canLogIn()).isFalse();

        User guest = profile.users().get(2);
        assertThat(guest.home()).isEqualTo(Path.of("/home/guest"));
        assertThat(guest.shell()).isEqualTo(Path.of("/bin/bash"));
        assertThat(guest.createHome()).isFalse();
        assertThat(guest.passwd()).isEmpty();

        assertThat(profile.root().passwd()).contains(new PasswordHash("*"));
        assertThat(profile.root().autologin()).isTrue();
        assertThat(profile.root().sshAuthorizedKeys()).extracting(SshKey::line).containsExactly(Keys.ECDSA);
    }

    @Test
    void filesServicesHooksAndBoot() {
        Profile profile = read("everything.yaml");
        Path directory = GOOD.toAbsolutePath();
        assertThat(profile.writeFiles())
                .containsExactly(
                        new WriteFile(Path.of("/etc/motd"), content("grüße\n"), 0600, "ada", "people", false),
                        new WriteFile(Path.of("/etc/motd"), content("hello\n"), 0644, "root", "root", true),
                        new WriteFile(Path.of("/usr/local/bin/x"), content("hello\n"), 04755, "0", "0", false),
                        new WriteFile(Path.of("/etc/empty"), content(""), 0644, "root", "root", false));
        assertThat(profile.overlays()).containsExactly(directory.resolve("overlay"));
        assertThat(profile.services())
                .isEqualTo(new Services(
                        List.of("ssh.service", "x@1.timer"), List.of("apt-daily.timer"), List.of("rpc-statd.service")));
        assertThat(profile.hooks().setup())
                .containsExactly(new Hook("echo $1", false, Hook.DEFAULT_TIMEOUT, directory));
        assertThat(profile.hooks().customize())
                .containsExactly(
                        new Hook("apt-get clean", true, Duration.ofMinutes(10), directory),
                        new Hook("true", false, Duration.ofSeconds(90), directory));
        assertThat(profile.initramfs())
                .isEqualTo(new Initramfs(
                        Initramfs.Generator.DRACUT,
                        Initramfs.Modules.MOST,
                        Initramfs.Compress.XZ,
                        List.of("i40e", "nvme_tcp")));
        assertThat(profile.boot().mode()).isEqualTo(Boot.Mode.TORAM);
        assertThat(profile.boot().console())
                .extracting(Boot.Console::argument)
                .containsExactly("ttyS1,9600n8", "hvc0", "tty1");
        assertThat(profile.boot().console()).extracting(Boot.Console::isSerial).containsExactly(true, true, false);
        assertThat(profile.boot().cmdline()).containsExactly("panic=10", "nosmt");
    }

    @Test
    void anEmptyListIsNotTheDefault() {
        Profile profile = new ProfileReader(home)
                .read(GOOD.resolve("defaults.yaml"), List.of("boot.cmdline=[]", "boot.console=[]"));
        assertThat(profile.boot().cmdline()).isEmpty();
        assertThat(profile.boot().console()).isEmpty();
    }

    @Test
    void noRecordPrintsASecret() {
        assertThat(read("everything.yaml").toString())
                .doesNotContain(Keys.HASH, "grüße", "UTF-8 ", "participate boolean false");
    }

    private static FileContent content(String text) {
        return new FileContent(text.getBytes(StandardCharsets.UTF_8));
    }
}
