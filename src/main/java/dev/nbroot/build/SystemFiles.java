package dev.nbroot.build;

import dev.nbroot.profile.Boot;
import dev.nbroot.profile.Keyboard;
import dev.nbroot.profile.Profile;
import java.util.ArrayList;
import java.util.List;

/** The files that make a Debian root a diskless one, rendered from a profile. */
final class SystemFiles {
    private SystemFiles() {}

    static List<TreeFile> of(Profile profile) {
        List<TreeFile> files = new ArrayList<>(List.of(
                TreeFile.of("/etc/timezone", profile.timezone() + "\n"),
                TreeFile.of("/etc/default/locale", "LANG=" + profile.locale() + "\n"),
                // An entry for / would be applied again at boot (systemd-remount-fs), which fails over NFS.
                TreeFile.of(
                        "/etc/fstab", "# The initramfs mounts the root file system; nothing about it belongs here.\n"),
                TreeFile.of(
                        "/etc/systemd/network/50-nbroot-ethernet.network",
                        Resource.text("root/50-nbroot-ethernet.network")),
                TreeFile.of(
                        "/etc/systemd/system/nbroot-ssh-keys.service", Resource.text("root/nbroot-ssh-keys.service")),
                TreeFile.of(
                        "/etc/ssh/sshd_config.d/50-nbroot.conf",
                        "PasswordAuthentication " + (profile.sshPwauth() ? "yes" : "no") + "\n"),
                TreeFile.of("/etc/initramfs-tools/conf.d/nbroot", initramfs(profile)),
                new TreeFile(
                        "/etc/initramfs-tools/hooks/nbroot",
                        Resource.text("root/initramfs-hook")
                                .replace(
                                        "@MODULES@",
                                        String.join(" ", profile.initramfs().extraModules()))
                                .replaceAll("[ ]+\n", "\n"),
                        0755),
                new TreeFile(
                        "/etc/initramfs-tools/scripts/nfs-bottom/nbroot-overlay",
                        Resource.text("root/initramfs-overlay"),
                        0755)));
        files.addAll(identity(profile.hostname()));
        profile.keyboard().ifPresent(keyboard -> files.add(TreeFile.of("/etc/default/keyboard", text(keyboard))));
        if (profile.root().autologin()) {
            files.addAll(autologin(profile.boot()));
        }
        profile.users().stream()
                .filter(user -> !user.sudo().isEmpty())
                .forEach(user -> files.add(new TreeFile(
                        "/etc/sudoers.d/nbroot-" + user.name(),
                        user.sudo().stream()
                                .map(rule -> user.name() + " " + rule + "\n")
                                .reduce("", String::concat),
                        0440)));
        return files;
    }

    /** {@return the files that tell a machine its name} */
    static List<TreeFile> identity(String hostname) {
        return List.of(TreeFile.of("/etc/hostname", hostname + "\n"), TreeFile.of("/etc/hosts", hosts(hostname)));
    }

    private static String hosts(String hostname) {
        int dot = hostname.indexOf('.');
        String names = dot > 0 ? hostname + " " + hostname.substring(0, dot) : hostname;
        return """
                127.0.0.1 localhost
                127.0.1.1 %s

                ::1 localhost ip6-localhost ip6-loopback
                ff02::1 ip6-allnodes
                ff02::2 ip6-allrouters
                """.formatted(names);
    }

    private static String initramfs(Profile profile) {
        return """
                MODULES=%s
                COMPRESS=%s
                RESUME=none
                """.formatted(
                        profile.initramfs().modules().word(),
                        profile.initramfs().compress().word());
    }

    private static String text(Keyboard keyboard) {
        return """
                XKBMODEL="%s"
                XKBLAYOUT="%s"
                XKBVARIANT="%s"
                XKBOPTIONS="%s"
                BACKSPACE="guess"
                """.formatted(keyboard.model(), keyboard.layout(), keyboard.variant(), keyboard.options());
    }

    private static List<TreeFile> autologin(Boot boot) {
        List<TreeFile> files =
                new ArrayList<>(List.of(dropIn("getty@tty1", "-/sbin/agetty --autologin root --noclear %I $TERM")));
        boot.console().stream()
                .filter(Boot.Console::isSerial)
                .forEach(console -> files.add(dropIn(
                        "serial-getty@" + console.device(),
                        "-/sbin/agetty --autologin root --keep-baud 115200,57600,38400,9600 %I $TERM")));
        return files;
    }

    private static TreeFile dropIn(String unit, String command) {
        return TreeFile.of(
                "/etc/systemd/system/" + unit + ".service.d/nbroot-autologin.conf",
                "[Service]\nExecStart=\nExecStart=" + command + "\n");
    }
}
