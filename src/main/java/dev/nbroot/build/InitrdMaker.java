package dev.nbroot.build;

import dev.nbroot.profile.Initramfs;
import dev.nbroot.profile.Profile;
import dev.nbroot.release.InitrdGenerator;
import dev.nbroot.release.Release;
import dev.nbroot.system.Invocation;
import java.util.List;
import java.util.Optional;

/**
 * What differs in a root by the program that makes its initrd. Values and commands only: {@link MakeInitrd} performs.
 *
 * <p>While packages are installed both programs stand still by {@code INITRD=No} in the environment
 * ({@link AptSettings}): their kernel hooks and dpkg triggers ask for it, and leave nothing to undo.
 */
sealed interface InitrdMaker permits InitramfsTools, Dracut {

    /**
     * {@return the maker of a profile's initrd}
     *
     * @throws IllegalArgumentException when the release cannot be booted by it; {@code check} has refused that
     */
    static InitrdMaker of(Profile profile, Release release) {
        Initramfs wanted = profile.initramfs();
        InitrdGenerator generator = release.generator(wanted.generator().word())
                .orElseThrow(() -> new IllegalArgumentException(
                        wanted.generator().word() + " makes no initrd for " + release.suite()));
        return switch (generator) {
            case INITRAMFS_TOOLS ->
                new InitramfsTools(
                        wanted, release.initrdDhcp(), profile.keyboard().isPresent());
            case DRACUT -> new Dracut(wanted);
        };
    }

    /** {@return which program it is} */
    InitrdGenerator generator();

    /** {@return what must be installed for it, itself first} */
    List<String> packages();

    /** {@return its configuration, and what it puts into the initrd for nbroot} */
    List<TreeFile> files();

    /** {@return what makes it quicker when it lies in that place while it works; the root does not keep it} */
    Optional<TreeFile> aid();

    /** {@return units of its packages that a running machine starts only when somebody asks for them} */
    List<String> disabledUnits();

    /** {@return units of its packages that no running machine may start} */
    List<String> maskedUnits();

    /**
     * {@return the command that makes the initrd, to be run in the root}
     *
     * @param version the kernel's, as in {@code /lib/modules/VERSION}
     * @param image where it goes, absolute in the root
     */
    Invocation making(String version, String image);

    /** {@return the command that lists what an initrd has} */
    Invocation listing(String image);

    /** {@return the path in the initrd that a line of {@link #listing} tells; empty when it tells none} */
    String listed(String line);

    /** {@return the ends of the paths of the programs and scripts without which the initrd mounts no root} */
    List<String> requiredFiles();

    /** {@return the end of the path of the script that holds a root in memory; initrds of older nbroots have none} */
    String imageScript();

    /** {@return where people look when something is missing in the initrd} */
    String configuration();

    /** {@return the package that brings the compressor} */
    static String compressor(Initramfs.Compress compress) {
        return compress == Initramfs.Compress.XZ ? "xz-utils" : compress.word();
    }
}
