package dev.nbroot.release;

/** The program that makes the initial RAM disk; it decides the dialect of the kernel command line. */
public enum InitrdGenerator {
    /** Debian's own, default up to trixie; mounts the root with klibc's nfsmount. */
    INITRAMFS_TOOLS("initramfs-tools");

    private final String word;

    InitrdGenerator(String word) {
        this.word = word;
    }

    /** {@return the package's name, which is also the word used in profiles} */
    public String word() {
        return word;
    }
}
