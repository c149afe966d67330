package dev.nbroot.it;

import dev.nbroot.report.Events;
import dev.nbroot.system.Invocation;
import dev.nbroot.system.Namespaces;
import dev.nbroot.system.linux.LinuxCommands;
import dev.nbroot.system.linux.LinuxNamespaces;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/** The initrd that the programs of a root make by themselves, without anything that nbroot lends them. */
public final class PlainInitrd {
    private static final String SCRIPT = """
            set -eu
            umask 022
            mount -t tmpfs scratch "$2"
            mkdir "$2/upper" "$2/work" "$2/root"
            mount -t overlay -o "lowerdir=$1,upperdir=$2/upper,workdir=$2/work" root "$2/root"
            root=$2/root
            mount -t proc proc "$root/proc"
            mount -t sysfs sysfs "$root/sys"
            mount -t tmpfs tmp "$root/tmp"
            mount -t tmpfs run "$root/run"
            mount -t tmpfs dev "$root/dev"
            mknod -m 666 "$root/dev/null" c 1 3
            rm "$root"/boot/initrd.img-*
            chroot "$root" update-initramfs -c -k all >&2
            sha256sum "$root"/boot/initrd.img-* | cut -c1-64
            """;

    private PlainInitrd() {}

    /**
     * {@return its SHA-256}
     *
     * @param tree a root whose initrd initramfs-tools makes; nothing of it is changed
     * @param scratch an empty directory
     */
    public static String of(Path tree, Path scratch) throws IOException {
        // Every build leaves this file as old as its newest package: its SOURCE_DATE_EPOCH.
        Path dated = tree.resolve("etc/machine-id");
        long epoch = Files.getLastModifiedTime(dated, LinkOption.NOFOLLOW_LINKS).toMillis() / 1000;
        try (Namespaces.Namespace namespace = new LinuxNamespaces().open()) {
            Invocation script = Invocation.of("sh", "-c", SCRIPT, "sh", tree.toString(), scratch.toString())
                    .with("SOURCE_DATE_EPOCH", Long.toString(epoch));
            return new LinuxCommands(Events.none())
                    .run(namespace.inside(script))
                    .text();
        }
    }
}
