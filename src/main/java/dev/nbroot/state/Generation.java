package dev.nbroot.state;

import java.nio.file.Path;

/**
 * One finished result of building a root: tree, kernel, initrd and manifest belong together and never change.
 *
 * @param root the root's name
 * @param number 1 or more; a rebuild takes the next one
 * @param directory where it lies
 */
public record Generation(String root, int number, Path directory) {
    /** {@return the tree, which is also the path that NFS clients mount} */
    public Path tree() {
        return directory.resolve("root");
    }

    /** {@return the kernel} */
    public Path kernel() {
        return directory.resolve("boot/vmlinuz");
    }

    /** {@return the initial RAM disk} */
    public Path initrd() {
        return directory.resolve("boot/initrd");
    }

    /** {@return the manifest's file} */
    public Path manifest() {
        return directory.resolve("manifest.json");
    }

    /** {@return name and number as people write it, {@code bookworm/3}} */
    public String label() {
        return root + "/" + number;
    }
}
