package dev.nbroot.stage;

import dev.nbroot.state.ClientKernel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A kernel that a machine has brought itself, as the boot tree needs it.
 *
 * @param directory what has {@code vmlinuz} and {@code initrd}
 */
public record OwnKernel(ClientKernel kernel, Path directory) {
    private static final String VMLINUZ = "vmlinuz";
    private static final String INITRD = "initrd";

    /** {@return whether its files are there} */
    public boolean isReadable() {
        return Files.isReadable(directory.resolve(VMLINUZ)) && Files.isReadable(directory.resolve(INITRD));
    }

    /** {@return where it lies in the tree: the path says what both files hold, so no boot mixes two kernels} */
    Path kernelPath() {
        return inTree().resolve(VMLINUZ);
    }

    /** {@return where its initrd lies in the tree} */
    Path initrdPath() {
        return inTree().resolve(INITRD);
    }

    List<TreeFile> files() {
        return List.of(
                new TreeFile.Copy(kernelPath(), directory.resolve(VMLINUZ), kernel.vmlinuz()),
                new TreeFile.Copy(initrdPath(), directory.resolve(INITRD), kernel.initrd()));
    }

    /** No generation has a number of so many digits (NamedGenerations), so a root may have the name {@code kernels}. */
    private Path inTree() {
        return Path.of("nbroot", "kernels", kernel.id());
    }
}
