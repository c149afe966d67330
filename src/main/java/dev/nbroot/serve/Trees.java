package dev.nbroot.serve;

import dev.nbroot.state.ClientRecord;
import dev.nbroot.state.Generation;
import java.io.IOException;
import java.nio.file.Path;

/** Opens the trees that are exported. What it opens stays open until the servers are closed, or it is told otherwise. */
public interface Trees {
    /** {@return a path by which this process reaches a generation's tree} */
    Path open(Generation generation) throws IOException;

    /** {@return a path by which this process reaches a persistent client's view} */
    Path open(ClientRecord client) throws IOException;

    /** Closes a persistent client's view, which is opened again when it is asked for; does nothing when it is not open. */
    default void close(ClientRecord client) {}
}
