package dev.nbroot.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nbroot.profile.Initramfs;
import dev.nbroot.profile.Initramfs.Compress;
import dev.nbroot.profile.Initramfs.Generator;
import dev.nbroot.profile.Initramfs.Modules;
import dev.nbroot.release.InitrdDhcp;
import dev.nbroot.report.Failure;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InitrdCheckTest {
    private static final List<String> GOOD = List.of(
            "usr/bin/nfsmount",
            "usr/bin/ipconfig",
            "scripts/nfs",
            "scripts/nfs-bottom/nbroot-overlay",
            "usr/lib/modules/6.1/kernel/fs/nfs/nfs.ko",
            "usr/lib/modules/6.1/kernel/fs/nfs/nfsv3.ko.xz",
            "usr/lib/modules/6.1/kernel/net/sunrpc/sunrpc.ko",
            "usr/lib/modules/6.1/kernel/fs/lockd/lockd.ko.zst",
            "usr/lib/modules/6.1/kernel/fs/overlayfs/overlay.ko",
            "usr/lib/modules/6.1/kernel/net/packet/af_packet.ko",
            "usr/lib/modules/6.1/kernel/drivers/net/virtio_net.ko",
            "usr/lib/modules/6.1/kernel/drivers/net/e1000.ko",
            "usr/lib/modules/6.1/kernel/drivers/net/e1000e.ko",
            "usr/lib/modules/6.1/kernel/drivers/net/igb.ko",
            "usr/lib/modules/6.1/kernel/drivers/net/r8169.ko");

    private static final List<String> ALL = GOOD.stream()
            .filter(line -> line.endsWith(".ko"))
            .map(line -> line + ": kernel/lib/crc16.ko")
            .toList();

    private static final InitrdMaker MAKER = new InitramfsTools(
            new Initramfs(Generator.AUTO, Modules.NETBOOT, Compress.ZSTD, List.of()), InitrdDhcp.IPCONFIG, false);

    private final InitrdCheck check = new InitrdCheck(MAKER, List.of(), true, List.of());

    @Test
    void aGoodOnePasses() {
        assertThat(check.missing(GOOD, List.of(), ALL)).isEmpty();
    }

    @Test
    void whatARootInMemoryWantsIsAskedForWhereItsScriptIs() {
        List<String> listing = new ArrayList<>(GOOD);
        listing.add("scripts/nbroot");
        assertThat(check.missing(listing, List.of(), ALL)).containsExactly("bin/busybox", "loop.ko", "squashfs.ko");
        listing.addAll(List.of(
                "usr/bin/busybox",
                "usr/lib/modules/6.1/kernel/drivers/block/loop.ko",
                "usr/lib/modules/6.1/kernel/fs/squashfs/squashfs.ko"));
        assertThat(check.missing(listing, List.of(), ALL)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nfsmount",
                "ipconfig",
                "nbroot-overlay",
                "nfs.ko",
                "nfsv3.ko",
                "sunrpc.ko",
                "overlay.ko",
                "igb.ko"
            })
    void whatIsMissingIsNamed(String name) {
        List<String> listing = new ArrayList<>(GOOD);
        listing.removeIf(line -> line.contains("/" + name));
        assertThat(check.missing(listing, List.of(), ALL))
                .singleElement()
                .asString()
                .endsWith(name);
        assertThatThrownBy(() -> check.require("6.1", listing, List.of(), ALL))
                .isInstanceOf(Failure.class)
                .hasMessageContaining(name)
                .hasMessageContaining("kernel 6.1");
    }

    @Test
    void whatTheKernelHasBuiltInNeedNoFile() {
        List<String> listing = new ArrayList<>(GOOD);
        listing.removeIf(line -> line.contains("/af_packet.ko"));
        assertThat(check.missing(listing, List.of("kernel/net/packet/af_packet.ko"), ALL))
                .isEmpty();
    }

    /** As Debian's flavour for clouds. */
    @Test
    void driversThatTheKernelDoesNotHaveAreNotAskedFor() {
        List<String> listing = new ArrayList<>(GOOD);
        listing.removeIf(line -> line.contains("/e1000") || line.contains("/igb.ko"));
        List<String> modules = new ArrayList<>(ALL);
        modules.removeIf(line -> line.contains("/e1000") || line.contains("/igb.ko"));
        assertThat(check.missing(listing, List.of(), modules)).isEmpty();
        assertThat(check.missing(listing, List.of(), ALL)).containsExactly("e1000.ko", "e1000e.ko", "igb.ko");
    }

    @Test
    void extraModulesAreLookedFor() {
        InitrdCheck extra = new InitrdCheck(MAKER, List.of("snd-hda", "i40e"), true, List.of());
        List<String> listing = new ArrayList<>(GOOD);
        listing.add("usr/lib/modules/6.1/snd_hda.ko");
        assertThat(extra.missing(listing, List.of(), ALL)).containsExactly("i40e.ko");
    }

    @Test
    void aKernelWithoutModulesIsJudgedByItsScriptsOnly() {
        List<String> listing =
                GOOD.stream().filter(line -> !line.contains(".ko")).toList();
        assertThat(new InitrdCheck(MAKER, List.of(), false, List.of()).missing(listing, List.of(), ALL))
                .isEmpty();
    }

    @Test
    void theProcessorsMicrocodeIsLookedForWhereTheRootHasIt() {
        String file = "kernel/x86/microcode/GenuineIntel.bin";
        InitrdCheck intel = new InitrdCheck(MAKER, List.of(), true, List.of(file));
        assertThat(intel.missing(GOOD, List.of(), ALL)).containsExactly(file);
        List<String> listing = new ArrayList<>(GOOD);
        listing.add(0, file);
        assertThat(intel.missing(listing, List.of(), ALL)).isEmpty();
    }

    @Test
    void whereToLookIsTheGeneratorsDirectory() {
        Initramfs wanted = new Initramfs(Generator.AUTO, Modules.NETBOOT, Compress.ZSTD, List.of());
        assertThatThrownBy(() -> new InitrdCheck(new Dracut(wanted), List.of(), true, List.of())
                        .require("6.1", List.of(), List.of(), ALL))
                .extracting("hint")
                .asString()
                .contains("/etc/dracut.conf.d");
    }

    @Test
    void aNameThatOnlyEndsAlikeDoesNotCount() {
        List<String> listing = new ArrayList<>(GOOD);
        listing.replaceAll(line -> line.replace("/nfs.ko", "/xnfs.ko").replace("bin/nfsmount", "bin/xnfsmount"));
        assertThat(check.missing(listing, List.of(), ALL)).containsExactly("bin/nfsmount", "nfs.ko");
    }
}
