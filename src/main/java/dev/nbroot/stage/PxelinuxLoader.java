package dev.nbroot.stage;

import dev.nbroot.system.Sha256;
import java.nio.file.Path;
import java.util.List;

/**
 * PXELINUX as the distribution ships it. The two files must be of one version: {@code pxelinux.0} loads the library
 * right after it starts and hands over to it.
 *
 * @param program {@code pxelinux.0}
 * @param library {@code ldlinux.c32} for BIOS
 */
public record PxelinuxLoader(Path program, Path library) {
    List<TreeFile> files() {
        // The library first: a machine that got the program asks for it at once.
        return List.of(copy("ldlinux.c32", library), copy("pxelinux.0", program));
    }

    private static TreeFile copy(String name, Path source) {
        return new TreeFile.Copy(Path.of(name), source, Sha256.of(source));
    }
}
