package dev.nbroot.build;

import dev.nbroot.profile.Initramfs;
import dev.nbroot.profile.Profile;
import dev.nbroot.report.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Makes the initrd, once, when everything that goes into it is there; then looks what it has.
 *
 * @param profile what is wanted
 */
record MakeInitrd(Profile profile) implements BuildStep {
    @Override
    public String id() {
        return "initramfs";
    }

    @Override
    public String title() {
        return "Make the initrd";
    }

    @Override
    public List<String> details() {
        Initramfs initramfs = profile.initramfs();
        return List.of(
                "modules: " + initramfs.modules().word()
                        + (initramfs.extraModules().isEmpty()
                                ? ""
                                : " and " + String.join(", ", initramfs.extraModules())),
                "compression: " + initramfs.compress().word());
    }

    /** {@return where it lies in the root} */
    static String path(String version) {
        return "/boot/initrd.img-" + version;
    }

    @Override
    public void perform(BuildSite site) {
        KernelFiles kernel = KernelFiles.find(site, profile);
        String inside = path(kernel.version());
        try {
            Files.deleteIfExists(site.file(inside));
            if (!kernel.hasModules()) {
                // mkinitramfs(8) wants the directory even for a kernel that has everything built in.
                site.chroot("mkdir", "-p", "/lib/modules/" + kernel.version());
                site.chroot("depmod", kernel.version());
            }
            site.chroot("update-initramfs", "-c", "-k", kernel.version());
            List<String> listing = site.chroot("lsinitramfs", inside).lines();
            Path builtIn = site.file("/lib/modules/" + kernel.version() + "/modules.builtin");
            new InitrdCheck(profile.initramfs().extraModules(), kernel.hasModules())
                    .require(
                            kernel.version(),
                            listing,
                            Files.isReadable(builtIn) ? Files.readAllLines(builtIn) : List.of());
        } catch (IOException e) {
            throw Failure.io("make the initrd", Path.of(inside), e);
        }
    }
}
