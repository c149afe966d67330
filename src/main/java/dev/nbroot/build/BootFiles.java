package dev.nbroot.build;

import dev.nbroot.report.Failure;
import dev.nbroot.system.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;

/**
 * What machines boot a generation with: its {@code boot/}, beside its tree.
 *
 * @param directory a path of this process
 */
record BootFiles(Path directory) {
    private static final String KERNEL = "vmlinuz";
    private static final String INITRD = "initrd";

    /** {@return the boot files of what is being made} */
    static BootFiles in(Path out) {
        return new BootFiles(out.resolve("boot"));
    }

    /** Makes the directory, with copies of kernel and initrd that everybody may read. */
    void put(Path kernel, Path initrd) {
        WorkDirectory.directory(directory);
        copy(kernel, directory.resolve(KERNEL));
        copy(initrd, directory.resolve(INITRD));
    }

    private static void copy(Path from, Path to) {
        try {
            Files.copy(from, to);
            Files.setPosixFilePermissions(to, PosixFilePermissions.fromString("rw-r--r--"));
        } catch (IOException e) {
            throw Failure.io("copy", from, e);
        }
    }

    /** {@return the SHA-256 of each, by its name} */
    Map<String, String> hashes() {
        return Map.of(
                KERNEL, Sha256.of(directory.resolve(KERNEL)),
                INITRD, Sha256.of(directory.resolve(INITRD)));
    }
}
