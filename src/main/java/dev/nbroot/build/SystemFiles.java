package dev.nbroot.build;

import dev.nbroot.profile.Boot;
import dev.nbroot.profile.Keyboard;
import dev.nbroot.profile.Profile;
import dev.nbroot.profile.Size;
import dev.nbroot.profile.User;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

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
                        "/etc/systemd/system/nbroot-ssh-keys.service", Resource.text("root/nbroot-ssh-keys.service")),
                TreeFile.of(
                        "/etc/ssh/sshd_config.d/50-nbroot.conf",
                        "PasswordAuthentication " + (profile.sshPwauth() ? "yes" : "no") + "\n")));
        files.addAll(identity(profile.hostname()));
        profile.keyboard().ifPresent(keyboard -> files.add(TreeFile.of("/etc/default/keyboard", text(keyboard))));
        Stream.concat(
                        profile.root().autologin() ? Stream.of("root") : Stream.empty(),
                        profile.users().stream().filter(User::autologin).map(User::name))
                .forEach(name -> files.addAll(autologin(name, profile.boot())));
        profile.swap().zram().ifPresent(size -> files.add(TreeFile.of("/etc/systemd/zram-generator.conf", text(size))));
        profile.scratch().ifPresent(scratch -> files.addAll(ScratchFiles.of(scratch)));
        files.addAll(PersistFiles.of(profile.persist()));
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

    private static String text(Keyboard keyboard) {
        return """
                XKBMODEL="%s"
                XKBLAYOUT="%s"
                XKBVARIANT="%s"
                XKBOPTIONS="%s"
                BACKSPACE="guess"
                """.formatted(keyboard.model(), keyboard.layout(), keyboard.variant(), keyboard.options());
    }

    /** zram-generator.conf(5): sizes are MiB, {@code ram} is the machine's memory. */
    private static String text(Size size) {
        String amount = switch (size.unit()) {
            case PERCENT -> "ram * " + size.amount() + " / 100";
            case MIB -> Long.toString(size.amount());
            case GIB -> Long.toString(size.amount() * 1024);
        };
        return """
                [zram0]
                zram-size = %s
                compression-algorithm = zstd
                swap-priority = 100
                """.formatted(amount);
    }

    private static List<TreeFile> autologin(String name, Boot boot) {
        List<TreeFile> files = new ArrayList<>(
                List.of(dropIn("getty@tty1", "-/sbin/agetty --autologin " + name + " --noclear %I $TERM")));
        boot.console().stream()
                .filter(Boot.Console::isSerial)
                .forEach(console -> files.add(dropIn(
                        "serial-getty@" + console.device(),
                        "-/sbin/agetty --autologin " + name + " --keep-baud 115200,57600,38400,9600 %I $TERM")));
        return files;
    }

    private static TreeFile dropIn(String unit, String command) {
        return TreeFile.of(
                "/etc/systemd/system/" + unit + ".service.d/nbroot-autologin.conf",
                "[Service]\nExecStart=\nExecStart=" + command + "\n");
    }
}
