package dev.nbroot.state;

import dev.nbroot.system.MacAddress;
import java.nio.file.Path;

/**
 * A directory of a stateless client that is kept on the server.
 *
 * @param mac whose
 * @param path what it is called in the machine, absolute
 * @param directory where it lies on the server; need not exist
 */
public record KeptDirectory(MacAddress mac, Path path, Path directory) {
    /** {@return the lock that is held as long as the machine may write there} */
    public String lock() {
        return "kept-" + mac + "-" + directory.getFileName();
    }
}
