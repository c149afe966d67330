package dev.nbroot.it;

import dev.nbroot.report.Events;
import dev.nbroot.system.Invocation;
import dev.nbroot.system.linux.LinuxCommands;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Makes a tree one in which commands can run, without a build: a shell and its tools by busybox, and scripts in place of
 * the programs of a distribution that nbroot calls. {@code apt-get full-upgrade} installs what lies in {@code /srv/next}.
 */
public final class BusyRoot {
    private static final Path BUSYBOX = Path.of("/bin/busybox");

    private BusyRoot() {}

    /** Puts everything there. */
    public static void in(Path tree) throws IOException {
        Needs.file(BUSYBOX, "busybox-static");
        for (String directory : List.of(
                "bin",
                "dev",
                "proc",
                "sys",
                "run",
                "tmp",
                "opt",
                "srv",
                "root",
                "usr/bin",
                "usr/sbin",
                "etc/apt",
                "var/lib/apt/lists",
                "var/cache/apt/archives",
                "var/lib/dpkg/info",
                "var/log",
                "var/tmp")) {
            Files.createDirectories(tree.resolve(directory));
        }
        Files.copy(BUSYBOX, tree.resolve("bin/busybox"));
        Files.setPosixFilePermissions(tree.resolve("bin/busybox"), PosixFilePermissions.fromString("rwxr-xr-x"));
        shell(tree);
        for (String name : List.of(
                "cat",
                "chmod",
                "cp",
                "echo",
                "false",
                "grep",
                "head",
                "hostname",
                "id",
                "kill",
                "ls",
                "mkdir",
                "mv",
                "printf",
                "ps",
                "rm",
                "sleep",
                "touch",
                "true",
                "wc")) {
            Files.createSymbolicLink(tree.resolve("bin").resolve(name), Path.of("busybox"));
        }
        script(tree, "usr/bin/dpkg", "[ \"$1\" != -L ] || echo /usr/sbin/start-stop-daemon");
        script(tree, "usr/bin/dpkg-divert", "exit 0");
        script(tree, "usr/sbin/start-stop-daemon", "echo started >>/srv/started");
        script(tree, "usr/sbin/depmod", "exit 0");
        script(tree, "usr/sbin/update-initramfs", "mkdir -p /boot && echo \"initrd for $3\" >\"/boot/initrd.img-$3\"");
        script(
                tree,
                "usr/bin/lsinitramfs",
                "for file in bin/nfsmount bin/ipconfig sbin/dhclient usr/sbin/dhcpcd sbin/dhcpcd usr/sbin/dhclient scripts/nfs scripts/nfs-bottom/nbroot-overlay; do"
                        + " echo $file; done");
        script(tree, "usr/bin/apt-get", """
                case "$*" in
                *full-upgrade)
                    [ "$INITRD$DEBIAN_FRONTEND" = Nononinteractive ] || exit 7
                    [ ! -e /srv/broken ] || { echo "E: broken" >&2; exit 100; }
                    [ ! -d /srv/next ] || cp -r /srv/next/. /
                    ;;
                *update) echo list >/var/lib/apt/lists/list ;;
                *) exit 9 ;;
                esac
                """);
        Files.writeString(tree.resolve("var/lib/dpkg/status"), status("1"));
        // As a build leaves it.
        Files.setAttribute(tree.resolve("etc/machine-id"), "unix:mode", 0444);
    }

    /** The host's own: busybox's would take its own dpkg for the script. */
    private static void shell(Path tree) throws IOException {
        Files.copy(Path.of("/bin/sh").toRealPath(), tree.resolve("bin/sh"), StandardCopyOption.COPY_ATTRIBUTES);
        Pattern library = Pattern.compile("(/\\S+) \\(0x");
        new LinuxCommands(Events.none())
                .run(Invocation.of("ldd", "/bin/sh")).lines().stream()
                        .map(library::matcher)
                        .filter(Matcher::find)
                        .map(found -> Path.of(found.group(1)))
                        .forEach(file -> copy(file, tree.resolve(Path.of("/").relativize(file))));
    }

    private static void copy(Path from, Path to) {
        try {
            Files.createDirectories(to.getParent());
            Files.copy(from.toRealPath(), to, StandardCopyOption.COPY_ATTRIBUTES);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@return a dpkg database with one package} */
    public static String status(String version) {
        return "Package: tool\nStatus: install ok installed\nVersion: " + version + "\nArchitecture: amd64\n\n";
    }

    private static void script(Path tree, String path, String text) throws IOException {
        Path file = tree.resolve(path);
        Files.writeString(file, "#!/bin/sh\n" + text.strip() + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
