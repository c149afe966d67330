package dev.nbroot.command;

import dev.nbroot.system.Ipv4Address;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A checked {@link StageRequest}.
 *
 * @param roots the names of the roots to stage, at least one
 * @param named whether the user named them; otherwise they are all that there are
 * @param defaultRoot one of them, if the user named it
 */
record StageTarget(
        List<String> roots,
        boolean named,
        Path tftp,
        Ipv4Address server,
        Optional<String> defaultRoot,
        int nfsPort,
        OptionalInt httpPort) {

    /** {@return whether nothing but this root will do} */
    boolean insistsOn(String root) {
        return named || defaultRoot.equals(Optional.of(root));
    }
}
