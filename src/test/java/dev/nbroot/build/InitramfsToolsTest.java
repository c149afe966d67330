package dev.nbroot.build;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nbroot.profile.Initramfs;
import dev.nbroot.profile.Initramfs.Compress;
import dev.nbroot.profile.Initramfs.Generator;
import dev.nbroot.profile.Initramfs.Modules;
import dev.nbroot.release.InitrdDhcp;
import java.util.List;
import org.junit.jupiter.api.Test;

class InitramfsToolsTest {
    private static InitramfsTools maker(Modules modules, Compress compress, String... extra) {
        return new InitramfsTools(
                new Initramfs(Generator.AUTO, modules, compress, List.of(extra)), InitrdDhcp.IPCONFIG, false);
    }

    private static String text(InitrdMaker maker, String path) {
        return maker.files().stream()
                .filter(file -> file.path().equals(path))
                .findFirst()
                .orElseThrow()
                .text();
    }

    @Test
    void theKeyboardIsThatOfTheInitrdsShellToo() {
        Initramfs wanted = new Initramfs(Generator.AUTO, Modules.NETBOOT, Compress.ZSTD, List.of());
        String path = "/etc/initramfs-tools/conf.d/nbroot";
        assertThat(text(new InitramfsTools(wanted, InitrdDhcp.IPCONFIG, true), path))
                .contains("KEYMAP=y\n");
        assertThat(text(new InitramfsTools(wanted, InitrdDhcp.IPCONFIG, false), path))
                .contains("KEYMAP=n\n");
    }

    @Test
    void theInitrdIsForTheNetwork() {
        String path = "/etc/initramfs-tools/conf.d/nbroot";
        assertThat(text(maker(Modules.NETBOOT, Compress.ZSTD), path)).contains("MODULES=netboot\n", "COMPRESS=zstd\n");
        assertThat(text(maker(Modules.MOST, Compress.XZ), path)).contains("MODULES=most\n", "COMPRESS=xz\n");
    }

    @Test
    void extraModulesAreAdded() {
        String path = "/etc/initramfs-tools/hooks/nbroot";
        assertThat(text(maker(Modules.NETBOOT, Compress.ZSTD), path))
                .contains("\nmanual_add_modules overlay loop squashfs\n");
        assertThat(text(maker(Modules.NETBOOT, Compress.ZSTD, "i40e", "ice"), path))
                .contains("\nmanual_add_modules overlay loop squashfs i40e ice\n");
    }

    @Test
    void whatTheInitrdRunsIsExecutable() {
        assertThat(maker(Modules.NETBOOT, Compress.ZSTD).files())
                .filteredOn(file -> !file.path().contains("conf.d"))
                .hasSize(4)
                .allMatch(file -> file.mode() == 0755 && file.text().startsWith("#!/bin/sh\n"));
    }

    @Test
    void theCompressorAndTheDhcpClientComeAlong() {
        assertThat(maker(Modules.NETBOOT, Compress.XZ).packages())
                .containsExactly("initramfs-tools", "klibc-utils", "busybox", "klibc-utils", "xz-utils");
        InitramfsTools noble = new InitramfsTools(
                new Initramfs(Generator.AUTO, Modules.NETBOOT, Compress.ZSTD, List.of()), InitrdDhcp.DHCPCD, false);
        assertThat(noble.packages()).contains("dhcpcd-base");
        assertThat(noble.requiredFiles()).contains("sbin/dhcpcd").doesNotContain("bin/ipconfig");
    }

    @Test
    void commandsAreItsOwn() {
        InitrdMaker maker = maker(Modules.NETBOOT, Compress.ZSTD);
        assertThat(maker.making("6.1", "/boot/initrd.img-6.1").argv())
                .containsExactly("update-initramfs", "-c", "-k", "6.1");
        assertThat(maker.listing("/boot/initrd.img-6.1").argv()).containsExactly("lsinitramfs", "/boot/initrd.img-6.1");
    }
}
