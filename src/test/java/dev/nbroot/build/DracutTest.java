package dev.nbroot.build;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nbroot.profile.Initramfs;
import dev.nbroot.profile.Initramfs.Compress;
import dev.nbroot.profile.Initramfs.Generator;
import dev.nbroot.profile.Initramfs.Modules;
import java.util.List;
import org.junit.jupiter.api.Test;

class DracutTest {
    private static final String MODULE = "/usr/lib/dracut/modules.d/90nbroot/";

    private static Dracut maker(Modules modules, Compress compress, String... extra) {
        return new Dracut(new Initramfs(Generator.DRACUT, modules, compress, List.of(extra)));
    }

    private static String text(InitrdMaker maker, String path) {
        return maker.files().stream()
                .filter(file -> file.path().equals(path))
                .findFirst()
                .orElseThrow()
                .text();
    }

    @Test
    void theInitrdIsForAnyMachineOnTheNetwork() {
        String path = "/etc/dracut.conf.d/90-nbroot.conf";
        assertThat(text(maker(Modules.NETBOOT, Compress.ZSTD), path))
                .contains("hostonly=\"no\"\n", "reproducible=\"yes\"\n", "compress=\"zstd\"\n")
                .contains("dracutmodules+=\" nbroot \"\n");
        assertThat(text(maker(Modules.MOST, Compress.XZ), path))
                .contains("compress=\"xz\"\n", "dracutmodules+=\" nbroot kernel-modules kernel-modules-extra \"\n");
    }

    /** dracut leaves its nfs module out without a word when rpcbind, rpc.statd or mount.nfs is missing. */
    @Test
    void whatItsNfsModuleWantsIsInstalled() {
        assertThat(maker(Modules.NETBOOT, Compress.LZ4).packages())
                .containsExactly("dracut", "dracut-network", "nfs-common", "rpcbind", "busybox", "lz4");
    }

    @Test
    void networkdIsChosenBeforeNfsChoosesAnother() {
        String depends = text(maker(Modules.NETBOOT, Compress.ZSTD), MODULE + "module-setup.sh")
                .lines()
                .filter(line -> line.strip().startsWith("echo "))
                .findFirst()
                .orElseThrow();
        assertThat(List.of(depends.strip().split(" "))).containsSubsequence("systemd-networkd", "nfs");
    }

    @Test
    void extraModulesAreAdded() {
        assertThat(text(maker(Modules.NETBOOT, Compress.ZSTD, "i40e", "ice"), MODULE + "module-setup.sh"))
                .contains(" overlay ")
                .contains(" i40e ice\n");
        assertThat(text(maker(Modules.NETBOOT, Compress.ZSTD), MODULE + "module-setup.sh"))
                .doesNotContain("@MODULES@")
                .doesNotContain(" \n");
    }

    @Test
    void theModulesHooksAreTheFilesItHas() {
        InitrdMaker maker = maker(Modules.NETBOOT, Compress.ZSTD);
        assertThat(maker.files())
                .filteredOn(file -> file.path().startsWith(MODULE))
                .hasSize(7)
                .allMatch(file -> file.mode() == 0755);
        String setup = text(maker, MODULE + "module-setup.sh");
        assertThat(setup).contains("inst_hook cmdline 91 \"$moddir/nbroot-root.sh\"");
        assertThat(setup).contains("inst_script \"$moddir/nbroot-image.sh\" /" + maker.imageScript());
        assertThat(setup).contains("inst_hook cmdline 98 \"$moddir/nbroot-network.sh\"");
        assertThat(setup).contains("inst_hook initqueue/settled 98 \"$moddir/nbroot-again.sh\"");
        assertThat(setup).contains("inst_hook pre-pivot 20 \"$moddir/nbroot-overlay.sh\"");
        assertThat(maker.requiredFiles())
                .contains(
                        "hooks/cmdline/98-nbroot-network.sh",
                        "hooks/initqueue/settled/98-nbroot-again.sh",
                        "hooks/pre-pivot/20-nbroot-overlay.sh");
    }

    @Test
    void aLineOfLsinitrdIsItsPath() {
        InitrdMaker maker = maker(Modules.NETBOOT, Compress.ZSTD);
        assertThat(maker.listed(
                        "-rw-r--r--   1 root     root        94276 Nov 14  2023 usr/lib/modules/6.1/overlay.ko.xz"))
                .isEqualTo("usr/lib/modules/6.1/overlay.ko.xz");
        assertThat(maker.listed(
                        "lrwxrwxrwx   1 root     root            9 Nov 14  2023 usr/sbin/mount.nfs4 -> mount.nfs"))
                .isEqualTo("usr/sbin/mount.nfs4");
        assertThat(maker.listed("-rwsr-xr-x   1 root     root       154512 Nov 14  2023 usr/sbin/mount.nfs"))
                .isEqualTo("usr/sbin/mount.nfs");
        for (String other : List.of("", "Image: /boot/initrd: 29M", "dracut modules:", "nfs", "========")) {
            assertThat(maker.listed(other)).isEmpty();
        }
    }

    @Test
    void aMachineNeverUnpacksItsInitrdToPowerOff() {
        assertThat(maker(Modules.NETBOOT, Compress.ZSTD).maskedUnits()).containsExactly("dracut-shutdown.service");
    }

    @Test
    void commandsAreItsOwn() {
        InitrdMaker maker = maker(Modules.NETBOOT, Compress.ZSTD);
        assertThat(maker.making("6.1", "/boot/initrd.img-6.1").argv())
                .containsExactly("dracut", "--force", "--kver", "6.1", "/boot/initrd.img-6.1");
        assertThat(maker.listing("/boot/initrd.img-6.1").argv()).containsExactly("lsinitrd", "/boot/initrd.img-6.1");
    }
}
