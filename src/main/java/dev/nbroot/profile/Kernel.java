package dev.nbroot.profile;

import java.nio.file.Path;

/** Which kernel to boot: {@code kernel: auto}, {@code kernel: linux-image-rt-amd64}, {@code kernel: ./vmlinuz}. */
public sealed interface Kernel {

    /** The metapackage of the suite and architecture. */
    record Auto() implements Kernel {}

    /**
     * A kernel package.
     *
     * @param name a Debian package name
     */
    record Package(String name) implements Kernel {}

    /**
     * An own kernel.
     *
     * @param path an existing file on the host, absolute; in the profile it is told from a package by its slash
     */
    record Image(Path path) implements Kernel {}
}
