package dev.nbroot.release;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The program that makes the initial RAM disk; it decides the dialect of the kernel command line. */
public enum InitrdGenerator {
    /** Debian's own up to trixie, Ubuntu's up to 25.04; mounts the root with klibc's nfsmount. */
    INITRAMFS_TOOLS("initramfs-tools", List.of("dracut", "dracut-core", "dracut-network", "tiny-initramfs")),
    /** The default of Debian since forky and of Ubuntu since 25.10; mounts the root with mount.nfs(8). */
    DRACUT(
            "dracut",
            List.of(
                    "initramfs-tools",
                    "initramfs-tools-core",
                    "live-tools",
                    "tiny-initramfs",
                    "overlayroot",
                    "cryptsetup-initramfs"));

    private final String word;
    private final List<String> rivals;

    InitrdGenerator(String word, List<String> rivals) {
        this.word = word;
        this.rivals = rivals;
    }

    /** {@return the package's name, which is also the word used in profiles} */
    public String word() {
        return word;
    }

    /** {@return the packages that cannot be installed beside it, or must not be} */
    public List<String> rivals() {
        return rivals;
    }

    /** {@return the generator with this word} */
    public static Optional<InitrdGenerator> named(String word) {
        return Arrays.stream(values())
                .filter(generator -> generator.word().equals(word))
                .findFirst();
    }
}
