package dev.nbroot.stage;

import dev.nbroot.report.Failure;
import dev.nbroot.state.Generation;
import dev.nbroot.system.MacAddress;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The menu of one client as it lies in a boot tree.
 *
 * @param file absolute; it need not exist
 */
public record ClientMenu(Path file) {
    /** {@return the menu of a machine in a boot tree} */
    public static ClientMenu in(Path tree, MacAddress mac) {
        return new ClientMenu(tree.resolve(Pxelinux.path(Optional.of(mac))));
    }

    /** {@return the menu of the machines that are no clients, as those that boot a shared tree} */
    public static ClientMenu ofOthers(Path tree) {
        return new ClientMenu(tree.resolve(Pxelinux.path(Optional.empty())));
    }

    /** {@return whether it is there} */
    public boolean exists() {
        return Files.exists(file);
    }

    /**
     * {@return whether a machine that reads it boots this kernel} The path of a kernel says of which generation it is, and
     * one plan writes all of a menu.
     *
     * @param own what the machine is to boot instead of the generation's
     * @throws Failure of kind {@code FAILED} at an I/O error
     */
    public boolean boots(Generation generation, Optional<OwnKernel> own) {
        Path kernel = own.map(OwnKernel::kernelPath).orElseGet(() -> StagedGeneration.kernelPath(generation));
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1).contains(Pxelinux.linux(kernel));
        } catch (NoSuchFileException e) {
            return false;
        } catch (IOException e) {
            throw Failure.io("read the menu", file, e);
        }
    }
}
