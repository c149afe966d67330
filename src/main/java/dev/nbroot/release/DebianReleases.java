package dev.nbroot.release;

import static dev.nbroot.release.InitrdGenerator.DRACUT;
import static dev.nbroot.release.InitrdGenerator.INITRAMFS_TOOLS;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Debian's rows of the table. */
final class DebianReleases {
    /**
     * What a diskless root cannot do without. netbase brings /etc/protocols, without which a later mount.nfs says
     * "Protocol not supported"; systemd-resolved fills /etc/resolv.conf from DHCP; libpam-systemd ends SSH sessions
     * before the network at power-off; libnss-myhostname makes the name of every client resolvable, whatever it is
     * (sudo asks for it).
     */
    private static final List<String> BASE = List.of(
            "systemd-sysv",
            "libpam-systemd",
            "dbus",
            "udev",
            "kmod",
            "netbase",
            "tzdata",
            "libnss-myhostname",
            "systemd-resolved",
            "iproute2",
            "iputils-ping",
            "openssh-server",
            "sudo",
            "ca-certificates");

    /** bookworm's dracut (059, with systemd 252) was tried: networkd gets no address in its initrd. */
    static final List<Release> ALL = List.of(
            row("bookworm", "Debian 12", INITRAMFS_TOOLS),
            row("trixie", "Debian 13", INITRAMFS_TOOLS, DRACUT),
            row("forky", "Debian 14 (testing)", DRACUT, INITRAMFS_TOOLS));

    private DebianReleases() {}

    private static Release row(String suite, String title, InitrdGenerator... generators) {
        return new Release(
                suite,
                title,
                "debian",
                List.of("sid"),
                List.of(generators),
                InitrdDhcp.IPCONFIG,
                NetworkStack.NETWORKD,
                Map.of("amd64", "linux-image-amd64"),
                Path.of("/usr/share/keyrings/debian-archive-keyring.gpg"),
                "debian-archive-keyring",
                List.of("main"),
                List.of("main", "contrib", "non-free", "non-free-firmware"),
                suite + "-security",
                false,
                suite + "-updates",
                "systemd-timesyncd",
                BASE,
                true);
    }
}
