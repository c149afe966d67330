package dev.nbroot.build;

import dev.nbroot.profile.Initramfs;
import dev.nbroot.profile.Initramfs.Modules;
import dev.nbroot.release.InitrdGenerator;
import dev.nbroot.system.Invocation;
import java.util.List;
import java.util.Optional;

/**
 * dracut(8): its {@code nfs} module mounts the root with mount.nfs(8). nbroot's own module decides what else goes in,
 * restricts the network to the interface that the machine was booted from, asks the server again, and makes the overlay.
 *
 * @param wanted what the profile says about the initrd
 */
record Dracut(Initramfs wanted) implements InitrdMaker {
    private static final String MODULE = "/usr/lib/dracut/modules.d/90nbroot/";

    @Override
    public InitrdGenerator generator() {
        return InitrdGenerator.DRACUT;
    }

    /** The nfs module is left out without a word when mount.nfs, rpc.statd or rpcbind is not there. */
    @Override
    public List<String> packages() {
        return List.of(
                "dracut",
                "dracut-network",
                "nfs-common",
                "rpcbind",
                "busybox",
                InitrdMaker.compressor(wanted.compress()));
    }

    @Override
    public List<TreeFile> files() {
        return List.of(
                TreeFile.of("/etc/dracut.conf.d/90-nbroot.conf", settings()),
                new TreeFile(
                        MODULE + "module-setup.sh",
                        Resource.text("root/dracut-module-setup.sh")
                                .replace("@MODULES@", String.join(" ", wanted.extraModules()))
                                .replaceAll("[ ]+\n", "\n"),
                        0755),
                new TreeFile(MODULE + "nbroot-network.sh", Resource.text("root/dracut-network.sh"), 0755),
                new TreeFile(MODULE + "nbroot-shared.sh", "#!/bin/sh\n" + Resource.text("root/shared.sh"), 0755),
                new TreeFile(MODULE + "nbroot-again.sh", Resource.text("root/dracut-again.sh"), 0755),
                new TreeFile(MODULE + "nbroot-root.sh", Resource.text("root/dracut-root.sh"), 0755),
                new TreeFile(
                        MODULE + "nbroot-image.sh",
                        Resource.text("root/dracut-image.sh").replace("@IMAGE@", Resource.text("root/image.sh")),
                        0755),
                new TreeFile(
                        MODULE + "nbroot-overlay.sh",
                        Resource.text("root/dracut-overlay.sh")
                                .replace("@OVERLAY@", Resource.text("root/overlay.sh"))
                                .replace("@PERSIST@", Resource.text("root/persist.sh")),
                        0755));
    }

    /**
     * dracut.conf(5). Not {@code hostonly}: the machine that builds is not the one that boots. The list of modules is
     * closed, or whatever the profile installs (LVM, Plymouth, NetworkManager) would come along.
     */
    private String settings() {
        return """
                hostonly="no"
                hostonly_cmdline="no"
                reproducible="yes"
                compress="%s"
                dracutmodules+=" nbroot%s "
                """.formatted(
                        wanted.compress().word(),
                        wanted.modules() == Modules.MOST ? " kernel-modules kernel-modules-extra" : "");
    }

    @Override
    public Optional<TreeFile> aid() {
        return Optional.empty();
    }

    /**
     * They come with packages that only the initrd needs; the machine mounts its root without locks. Nobody should
     * find an open port mapper on a machine whose profile does not ask for NFS.
     */
    @Override
    public List<String> disabledUnits() {
        return List.of("rpcbind.service", "rpcbind.socket", "nfs-client.target");
    }

    /**
     * At power-off it would unpack the initrd, read over NFS, to unmount the root from there; with an overlay over NFS
     * that ends in a hang.
     */
    @Override
    public List<String> maskedUnits() {
        return List.of("dracut-shutdown.service");
    }

    @Override
    public Invocation making(String version, String image) {
        return Invocation.of("dracut", "--force", "--kver", version, image);
    }

    @Override
    public Invocation listing(String image) {
        return Invocation.of("lsinitrd", image);
    }

    /** As of {@code ls -l}. */
    @Override
    public String listed(String line) {
        String entry = line.replaceFirst(" -> .*", "");
        return entry.matches("[-dlcbps][-rwxsStT]{9}.*") ? entry.substring(entry.lastIndexOf(' ') + 1) : "";
    }

    @Override
    public List<String> requiredFiles() {
        return List.of(
                "mount.nfs",
                "nfsroot",
                "systemd/systemd-networkd",
                "hooks/cmdline/98-nbroot-network.sh",
                "hooks/initqueue/settled/98-nbroot-again.sh",
                "hooks/pre-pivot/20-nbroot-overlay.sh",
                "etc/netconfig",
                "etc/protocols");
    }

    @Override
    public String imageScript() {
        return "sbin/nbrootroot";
    }

    @Override
    public String configuration() {
        return "/etc/dracut.conf.d";
    }
}
