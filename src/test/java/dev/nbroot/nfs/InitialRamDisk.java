package dev.nbroot.nfs;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** An initial RAM disk for user-mode Linux that loads the NFS client and makes the host's tree its root. */
final class InitialRamDisk {
    /** In the order of their dependencies. */
    private static final List<String> MODULES =
            List.of("sunrpc", "grace", "nfs_acl", "netfs", "fscache", "lockd", "nfs", "nfsv3");

    private final ByteArrayOutputStream archive = new ByteArrayOutputStream();
    private int inode;

    /**
     * Makes the archive, in the kernel's "newc" format (Documentation/driver-api/early-userspace/buffer-format.rst).
     *
     * @param modules the directory of the kernel's modules
     * @param busybox a statically linked busybox
     */
    static byte[] make(Path modules, Path busybox) throws IOException {
        InitialRamDisk disk = new InitialRamDisk();
        for (String directory : List.of("dev", "proc", "host", "bin", "mod")) {
            disk.entry(directory, 0040755, new byte[0], 0, 0);
        }
        disk.entry("dev/console", 0020600, new byte[0], 5, 1);
        disk.entry("bin/busybox", 0100755, Files.readAllBytes(busybox), 0, 0);
        try (Stream<Path> tree = Files.walk(modules)) {
            for (Path module : tree.filter(
                            p -> MODULES.contains(p.getFileName().toString().replaceFirst("\\.ko$", "")))
                    .filter(Files::isRegularFile)
                    .collect(Collectors.toList())) {
                disk.entry("mod/" + module.getFileName(), 0100644, Files.readAllBytes(module), 0, 0);
            }
        }
        disk.entry("init", 0100755, init().getBytes(StandardCharsets.UTF_8), 0, 0);
        disk.entry("TRAILER!!!", 0, new byte[0], 0, 0);
        return disk.archive.toByteArray();
    }

    private static String init() {
        return "#!/bin/busybox sh\n"
                + "b=/bin/busybox\n"
                + "$b mount -t proc proc /proc\n"
                + "for m in " + String.join(" ", MODULES)
                + "; do $b insmod /mod/$m.ko || echo \"FAIL insmod $m\"; done\n"
                + "$b mount -t hostfs -o / none /host\n"
                + "$b mount -t proc proc /host/proc\n"
                + "$b mount -t tmpfs tmpfs /host/mnt\n"
                + "$b mount -t tmpfs tmpfs /host/run\n"
                + "for w in $($b cat /proc/cmdline); do case $w in work=*) work=${w#work=} ;; esac; done\n"
                + "$b chroot /host /bin/sh $work/guest.sh\n"
                + "$b poweroff -f\n";
    }

    private void entry(String name, int mode, byte[] data, int major, int minor) {
        byte[] path = (name + "\0").getBytes(StandardCharsets.UTF_8);
        int[] fields = {++inode, mode, 0, 0, 1, 0, data.length, 0, 0, major, minor, path.length, 0};
        StringBuilder header = new StringBuilder("070701");
        for (int field : fields) {
            header.append(String.format("%08x", field));
        }
        archive.writeBytes(header.toString().getBytes(StandardCharsets.US_ASCII));
        archive.writeBytes(path);
        pad();
        archive.writeBytes(data);
        pad();
    }

    private void pad() {
        while (archive.size() % 4 != 0) {
            archive.write(0);
        }
    }
}
