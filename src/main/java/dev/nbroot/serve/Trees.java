package dev.nbroot.serve;

import dev.nbroot.state.ClientRecord;
import dev.nbroot.state.Generation;
import dev.nbroot.state.KeptDirectory;
import java.io.IOException;
import java.nio.file.Path;

/** Opens the trees that are exported. What it opens stays open until the servers are closed, or let go of it. */
public interface Trees {
    /** {@return a path by which this process reaches a generation's tree} */
    Path open(Generation generation) throws IOException;

    /** {@return a path by which this process reaches a persistent client's view} */
    Path open(ClientRecord client) throws IOException;

    /** {@return a path by which this process reaches what a client keeps} */
    Path open(KeptDirectory kept) throws IOException;

    /** {@return whether what machines write is kept: then later servers must know who had a shared tree} */
    default boolean lasting() {
        return true;
    }

    /** {@return what is served though it is not there: only opening it here makes it} */
    default Rehearsed rehearsed() {
        return Rehearsed.NOTHING;
    }

    /**
     * {@return how many links an object has in a view that is open for this record}
     *
     * @param shown what stat(2) says, 2 or more; the others are those of its file handle
     */
    default int links(ClientRecord client, int handleType, byte[] handle, int shown) {
        return shown;
    }

    /** Closes a persistent client's view, which is opened again when it is asked for; does nothing when it is not open. */
    default void close(ClientRecord client) {}

    /** Lets go of what a client keeps, as {@link #close(ClientRecord)}. */
    default void close(KeptDirectory kept) {}
}
