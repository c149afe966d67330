package dev.nbroot.check;

import dev.nbroot.profile.Profile;
import dev.nbroot.release.InitrdGenerator;
import dev.nbroot.release.Release;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Packages that do not go with a diskless machine, or not with what nbroot itself installs. */
final class PackageChecks {
    private static final String LEAVE_OUT = "leave it out";

    private record Trap(Pattern names, boolean error, String message, String hint) {
        static Trap error(String names, String message, String hint) {
            return new Trap(Pattern.compile(names), true, message, hint);
        }

        static Trap warning(String names, String message, String hint) {
            return new Trap(Pattern.compile(names), false, message, hint);
        }
    }

    private static final List<Trap> TRAPS = List.of(
            Trap.error(
                    "sysvinit-core|openrc|runit-init|dinit",
                    "it takes the place of systemd, which starts everything in the root",
                    LEAVE_OUT),
            Trap.warning(
                    "grub-(pc|efi|common|cloud|xen|legacy|ieee1275|rescue-pc).*|grub2?|lilo|extlinux|shim-signed"
                            + "|systemd-boot(-efi)?|refind|u-boot-menu|flash-kernel|zipl-installer",
                    "a diskless root needs no boot loader of its own, and its kernel hooks look for disks",
                    LEAVE_OUT),
            Trap.warning("snapd", "its confinement forbids programs the network that their files come over", LEAVE_OUT),
            Trap.warning(
                    "unattended-upgrades",
                    "a diskless machine's upgrades are gone after a reboot, or do not fit the kernel that the boot"
                            + " tree has",
                    "leave it out, and build a new generation instead"),
            Trap.warning(
                    "cloud-init",
                    "it writes the network, the host name and the SSH host keys of each machine anew at boot",
                    "leave it out: the profile's own keys do what it does"),
            Trap.warning(
                    "live-boot(-initramfs-tools)?|live-config.*|casper|overlayroot",
                    "it makes a root of its own in the initrd, which nbroot's does already",
                    LEAVE_OUT),
            Trap.error(
                    "resolvconf|openresolv",
                    "it excludes systemd-resolved, which fills /etc/resolv.conf from DHCP",
                    LEAVE_OUT));

    private static final Trap CONTAINERS = Trap.warning(
            "docker\\.io|docker-ce|containerd(\\.io)?|podman|buildah|cri-o|k3s|kubelet",
            "containers cannot keep their layers on an NFS root, nor on an overlay",
            "write scratch: tmpfs, scratch: disk or scratch: image");

    private PackageChecks() {}

    static void judge(Profile profile, Optional<Release> release, Findings findings) {
        Optional<InitrdGenerator> generator = release.flatMap(
                known -> known.generator(profile.initramfs().generator().word()));
        for (int i = 0; i < profile.packages().size(); i++) {
            String[] parts = profile.packages().get(i).split(":", 2);
            String key = "packages[" + i + "]";
            for (Trap trap : TRAPS) {
                if (trap.names().matcher(parts[0]).matches()) {
                    tell(findings, key, parts[0], trap);
                }
            }
            if (CONTAINERS.names().matcher(parts[0]).matches()
                    && profile.scratch().isEmpty()) {
                tell(findings, key, parts[0], CONTAINERS);
            }
            generator
                    .filter(one -> one.rivals().contains(parts[0]))
                    .ifPresent(one -> findings.error(
                            key,
                            parts[0] + " and " + one.word() + ", which makes this root's initrd, exclude each other",
                            "leave it out, or set initramfs.generator"));
            if (parts.length > 1
                    && !List.of(profile.bootstrap().architecture(), "any", "all")
                            .contains(parts[1])) {
                findings.error(
                        key,
                        "the root's packages are all of one architecture, "
                                + profile.bootstrap().architecture(),
                        "leave it out, or install it on the running machine");
            }
        }
    }

    private static void tell(Findings findings, String key, String name, Trap trap) {
        if (trap.error()) {
            findings.error(key, name + ": " + trap.message(), trap.hint());
        } else {
            findings.warning(key, name + ": " + trap.message(), trap.hint());
        }
    }
}
