package dev.nbroot.build;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nbroot.it.Profiles;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SystemFilesTest {
    @TempDir
    Path directory;

    private List<TreeFile> files(String more) {
        return SystemFiles.of(Profiles.with(directory, "bookworm", more));
    }

    private static Optional<TreeFile> file(List<TreeFile> files, String path) {
        return files.stream().filter(file -> file.path().equals(path)).findFirst();
    }

    private String text(String more, String path) {
        return file(files(more), path).orElseThrow().text();
    }

    @Test
    void noFileIsWrittenTwice() {
        assertThat(files("root: {autologin: true}\nkeyboard: {layout: de}\n"))
                .extracting(TreeFile::path)
                .doesNotHaveDuplicates();
    }

    @Test
    void theRootIsNotInFstab() {
        assertThat(text("", "/etc/fstab").lines()).allMatch(line -> line.startsWith("#"));
    }

    @Test
    void namesAreInHosts() {
        assertThat(text("hostname: rack7\n", "/etc/hosts"))
                .contains("127.0.1.1 rack7\n")
                .contains("::1 localhost");
        assertThat(text("hostname: rack7.lab.example\n", "/etc/hosts")).contains("127.0.1.1 rack7.lab.example rack7\n");
    }

    @Test
    void sudoersAreReadableByRootAndItsGroupOnly() {
        TreeFile sudoers = file(files(""), "/etc/sudoers.d/nbroot-ada").orElseThrow();
        assertThat(sudoers.mode()).isEqualTo(0440);
        assertThat(sudoers.text()).isEqualTo("ada ALL=(ALL) NOPASSWD:ALL\n");
    }

    @Test
    void sshTakesPasswordsOnlyWhenAsked() {
        assertThat(text("", "/etc/ssh/sshd_config.d/50-nbroot.conf")).isEqualTo("PasswordAuthentication no\n");
        assertThat(text("ssh_pwauth: true\n", "/etc/ssh/sshd_config.d/50-nbroot.conf"))
                .isEqualTo("PasswordAuthentication yes\n");
    }

    @Test
    void autologinIsOnTheScreenAndEverySerialConsole() {
        List<TreeFile> files = files("root: {autologin: true}\nboot: {console: [tty0, \"ttyS0,115200\", hvc0]}\n");
        assertThat(file(files, "/etc/systemd/system/getty@tty1.service.d/nbroot-autologin.conf"))
                .get()
                .extracting(TreeFile::text)
                .asString()
                .isEqualTo("[Service]\nExecStart=\nExecStart=-/sbin/agetty --autologin root --noclear %I $TERM\n");
        assertThat(files)
                .extracting(TreeFile::path)
                .contains(
                        "/etc/systemd/system/serial-getty@ttyS0.service.d/nbroot-autologin.conf",
                        "/etc/systemd/system/serial-getty@hvc0.service.d/nbroot-autologin.conf")
                .doesNotContain("/etc/systemd/system/serial-getty@tty0.service.d/nbroot-autologin.conf");
        assertThat(files("")).extracting(TreeFile::path).noneMatch(path -> path.contains("autologin"));
    }

    @Test
    void aUserMayBeLoggedInInsteadOfRoot() {
        List<TreeFile> files = SystemFiles.of(Profiles.read(
                directory,
                Profiles.text("bookworm") + "    autologin: true\nboot: {console: [tty0, \"ttyS0,115200\"]}\n"));
        assertThat(file(files, "/etc/systemd/system/getty@tty1.service.d/nbroot-autologin.conf"))
                .get()
                .extracting(TreeFile::text)
                .asString()
                .contains("ExecStart=-/sbin/agetty --autologin ada --noclear %I $TERM\n");
        assertThat(file(files, "/etc/systemd/system/serial-getty@ttyS0.service.d/nbroot-autologin.conf"))
                .get()
                .extracting(TreeFile::text)
                .asString()
                .contains("--autologin ada --keep-baud");
    }

    @Test
    void swapInCompressedMemory() {
        String path = "/etc/systemd/zram-generator.conf";
        assertThat(text("swap: {zram: 50%}\n", path)).isEqualTo("""
                [zram0]
                zram-size = ram * 50 / 100
                compression-algorithm = zstd
                swap-priority = 100
                """);
        assertThat(text("swap: {zram: 2G}\n", path)).contains("zram-size = 2048\n");
        assertThat(text("swap: {zram: 300M}\n", path)).contains("zram-size = 300\n");
        assertThat(file(files("swap: {}\n"), path)).isEmpty();
    }

    @Test
    void whatIsKeptIsListedForTheInitrdAndUnmountedLast() {
        List<TreeFile> files = files("persist: [/home, /var/lib/foo-bar/a+b@c, /.data]\n");
        assertThat(text("persist: [/home, /var/lib/foo]\n", "/usr/lib/nbroot/persist.paths"))
                .isEqualTo("/home\n/var/lib/foo\n");
        assertThat(files)
                .extracting(TreeFile::path)
                .contains(
                        "/etc/systemd/system/nbroot-persist.service",
                        "/etc/systemd/system/home.mount",
                        "/etc/systemd/system/var-lib-foo\\x2dbar-a\\x2bb\\x40c.mount",
                        "/etc/systemd/system/\\x2edata.mount");
        assertThat(text("persist: [/home, /srv/a]\n", "/etc/systemd/system/srv-a.mount"))
                .contains("DefaultDependencies=no\nConditionPathIsMountPoint=/srv/a\n", "\nWhere=/srv/a\n");
        assertThat(file(files, "/usr/lib/nbroot/persist").orElseThrow().mode()).isEqualTo(0755);
        assertThat(files("")).extracting(TreeFile::path).noneMatch(path -> path.contains("persist"));
    }

    @Test
    void scratchIsMountedByAUnitBeforeAnyDaemonStarts() {
        String unit = "/etc/systemd/system/nbroot-scratch.service";
        String usual = " /var/lib/containers /var/lib/containerd /var/lib/docker\n";
        assertThat(text("scratch: tmpfs\n", unit))
                .contains("Before=local-fs.target ", "DefaultDependencies=no")
                .contains("ExecStart=/usr/lib/nbroot/scratch tmpfs 50%%" + usual);
        assertThat(text("scratch: {kind: tmpfs, size: 2G}\n", unit)).contains("scratch tmpfs 2G" + usual);
        assertThat(text("scratch: image\n", unit)).contains("scratch image 20G" + usual);
        assertThat(text("scratch: disk\n", unit)).contains("scratch disk nbroot-scratch" + usual);
        assertThat(text("scratch: {kind: disk, label: data, directories: [/srv/a]}\n", unit))
                .contains("ExecStart=/usr/lib/nbroot/scratch disk data /srv/a\n");
        assertThat(file(files("scratch: disk\n"), "/usr/lib/nbroot/scratch")
                        .orElseThrow()
                        .mode())
                .isEqualTo(0755);
        assertThat(files("")).extracting(TreeFile::path).noneMatch(path -> path.contains("scratch"));
    }

    @Test
    void hostKeysAreMadeBeforeSshStarts() {
        assertThat(text("", "/etc/systemd/system/nbroot-ssh-keys.service"))
                .contains("Before=ssh.service ssh.socket")
                .contains("ExecStart=/usr/bin/ssh-keygen -A");
    }

    @Test
    void theKeyboardIsSetWhenAsked() {
        assertThat(text("keyboard: {layout: de, variant: nodeadkeys}\n", "/etc/default/keyboard"))
                .contains("XKBLAYOUT=\"de\"", "XKBVARIANT=\"nodeadkeys\"");
        assertThat(file(files(""), "/etc/default/keyboard")).isEmpty();
    }
}
