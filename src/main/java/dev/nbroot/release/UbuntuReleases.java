package dev.nbroot.release;

import static dev.nbroot.release.InitrdGenerator.DRACUT;
import static dev.nbroot.release.InitrdGenerator.INITRAMFS_TOOLS;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Ubuntu's rows of the table, made from what its packages and documents say: none of these releases was built and
 * booted yet.
 */
final class UbuntuReleases {
    /** As Debian's; libnss-myhostname is in universe, netplan.io renders {@link NetworkStack#NETPLAN}'s files. */
    private static final List<String> BASE = List.of(
            "systemd-sysv",
            "libpam-systemd",
            "dbus",
            "udev",
            "kmod",
            "netbase",
            "tzdata",
            "libnss-myhostname",
            "netplan.io",
            "iproute2",
            "iputils-ping",
            "openssh-server",
            "sudo",
            "ca-certificates");

    /** 22.04 has systemd-resolved inside systemd. */
    private static final List<String> SINCE_NOBLE = with(BASE, "systemd-resolved");

    static final List<Release> ALL = List.of(
            row("jammy", "Ubuntu 22.04", InitrdDhcp.DHCLIENT, BASE, INITRAMFS_TOOLS),
            row("noble", "Ubuntu 24.04", InitrdDhcp.DHCPCD, SINCE_NOBLE, INITRAMFS_TOOLS),
            row("questing", "Ubuntu 25.10", InitrdDhcp.DHCPCD, SINCE_NOBLE, DRACUT, INITRAMFS_TOOLS),
            row("resolute", "Ubuntu 26.04", InitrdDhcp.DHCPCD, SINCE_NOBLE, DRACUT, INITRAMFS_TOOLS));

    private UbuntuReleases() {}

    /** All of debootstrap's scripts for Ubuntu are one, under the name of an old release. */
    private static Release row(
            String suite, String title, InitrdDhcp dhcp, List<String> base, InitrdGenerator... generators) {
        return new Release(
                suite,
                title,
                "ubuntu",
                List.of("gutsy"),
                List.of(generators),
                dhcp,
                NetworkStack.NETPLAN,
                Map.of("amd64", "linux-image-generic"),
                Path.of("/usr/share/keyrings/ubuntu-archive-keyring.gpg"),
                "ubuntu-keyring",
                List.of("main", "universe"),
                List.of("main", "restricted", "universe", "multiverse"),
                suite + "-security",
                true,
                suite + "-updates",
                "systemd-timesyncd",
                base,
                false);
    }

    private static List<String> with(List<String> packages, String one) {
        List<String> all = new ArrayList<>(packages);
        all.add(one);
        return all;
    }
}
