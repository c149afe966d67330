package dev.nbroot.build;

import dev.nbroot.profile.Initramfs;
import dev.nbroot.release.InitrdDhcp;
import dev.nbroot.release.InitrdGenerator;
import dev.nbroot.system.Invocation;
import java.util.List;
import java.util.Optional;

/**
 * initramfs-tools(7): its {@code nfs} boot script mounts the root with klibc's nfsmount, so that a root needs neither
 * nfs-common nor rpcbind.
 *
 * @param wanted what the profile says about the initrd
 * @param dhcp what the release's scripts get an address with
 * @param keymap whether the profile chooses a keyboard, which the initrd's shell must have too
 */
record InitramfsTools(Initramfs wanted, InitrdDhcp dhcp, boolean keymap) implements InitrdMaker {
    @Override
    public InitrdGenerator generator() {
        return InitrdGenerator.INITRAMFS_TOOLS;
    }

    @Override
    public List<String> packages() {
        return List.of(
                "initramfs-tools",
                "klibc-utils",
                "busybox",
                dhcp.debianPackage(),
                InitrdMaker.compressor(wanted.compress()));
    }

    @Override
    public List<TreeFile> files() {
        return List.of(
                TreeFile.of("/etc/initramfs-tools/conf.d/nbroot", """
                        MODULES=%s
                        COMPRESS=%s
                        RESUME=none
                        KEYMAP=%s
                        """.formatted(
                                wanted.modules().word(), wanted.compress().word(), keymap ? "y" : "n")),
                new TreeFile(
                        "/etc/initramfs-tools/hooks/nbroot",
                        Resource.text("root/initramfs-hook")
                                .replace("@MODULES@", String.join(" ", wanted.extraModules()))
                                .replaceAll("[ ]+\n", "\n"),
                        0755),
                new TreeFile(
                        "/etc/initramfs-tools/scripts/nfs-premount/nbroot-shared",
                        Resource.text("root/initramfs-shared").replace("@SHARED@", Resource.text("root/shared.sh")),
                        0755),
                new TreeFile(
                        "/etc/initramfs-tools/scripts/nfs-bottom/nbroot-overlay",
                        Resource.text("root/initramfs-overlay")
                                .replace("@OVERLAY@", Resource.text("root/overlay.sh"))
                                .replace("@PERSIST@", Resource.text("root/persist.sh")),
                        0755),
                new TreeFile(
                        "/etc/initramfs-tools/scripts/nbroot",
                        Resource.text("root/initramfs-image")
                                .replace("@OVERLAY@", Resource.text("root/overlay.sh"))
                                .replace("@IMAGE@", Resource.text("root/image.sh")),
                        0755));
    }

    /** mkinitramfs reads what lies there as a part of itself, and puts none of it into the initrd. */
    @Override
    public Optional<TreeFile> aid() {
        return Optional.of(TreeFile.of(
                "/usr/share/initramfs-tools/conf-hooks.d/nbroot-quick", Resource.text("root/mkinitramfs-quick")));
    }

    @Override
    public List<String> disabledUnits() {
        return List.of();
    }

    @Override
    public List<String> maskedUnits() {
        return List.of();
    }

    @Override
    public Invocation making(String version, String image) {
        // It knows the image's name by the version, and keeps a record of what it has made.
        return Invocation.of("update-initramfs", "-c", "-k", version);
    }

    @Override
    public Invocation listing(String image) {
        return Invocation.of("lsinitramfs", image);
    }

    @Override
    public String listed(String line) {
        return line;
    }

    @Override
    public List<String> requiredFiles() {
        return List.of("bin/nfsmount", dhcp.program(), "scripts/nfs", "scripts/nfs-bottom/nbroot-overlay");
    }

    @Override
    public String imageScript() {
        return "scripts/nbroot";
    }

    @Override
    public String configuration() {
        return "/etc/initramfs-tools";
    }
}
