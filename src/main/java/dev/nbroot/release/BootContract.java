package dev.nbroot.release;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The releases nbroot knows, and how a machine must be told to boot each of them: the one table that holds what the
 * distributions do differently.
 */
public final class BootContract {
    private static final Path DEBIAN_KEYRING = Path.of("/usr/share/keyrings/debian-archive-keyring.gpg");

    /**
     * What a diskless Debian root cannot do without. klibc-utils holds the initrd's nfsmount, so that nfs-common with
     * its statd and rpcbind is not needed; netbase brings /etc/protocols, without which a later mount.nfs says
     * "Protocol not supported"; systemd-resolved fills /etc/resolv.conf from DHCP; zstd compresses the initrd;
     * libpam-systemd ends SSH sessions before the network at power-off; libnss-myhostname makes the name of every
     * client resolvable, whatever it is (sudo asks for it).
     */
    private static final List<String> DEBIAN_BASE = List.of(
            "systemd-sysv",
            "libpam-systemd",
            "dbus",
            "udev",
            "kmod",
            "initramfs-tools",
            "klibc-utils",
            "zstd",
            "netbase",
            "tzdata",
            "libnss-myhostname",
            "systemd-resolved",
            "iproute2",
            "iputils-ping",
            "openssh-server",
            "sudo",
            "ca-certificates");

    private final List<Release> releases = List.of(debian("bookworm", "Debian 12"), debian("trixie", "Debian 13"));

    private static Release debian(String suite, String title) {
        return new Release(
                suite,
                title,
                "debian",
                InitrdGenerator.INITRAMFS_TOOLS,
                Map.of("amd64", "linux-image-amd64"),
                DEBIAN_KEYRING,
                "debian-archive-keyring",
                suite + "-security",
                suite + "-updates",
                "systemd-timesyncd",
                DEBIAN_BASE);
    }

    /** {@return all releases, oldest first} */
    public List<Release> releases() {
        return releases;
    }

    /** {@return the release with this code name} */
    public Optional<Release> find(String suite) {
        return releases.stream()
                .filter(release -> release.suite().equals(suite))
                .findFirst();
    }
}
