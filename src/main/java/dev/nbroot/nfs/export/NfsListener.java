package dev.nbroot.nfs.export;

import java.net.InetSocketAddress;

/**
 * Is told what clients do and what goes wrong. Called by many threads; must neither block nor throw, nor start threads:
 * a thread inherits its maker's identity, and {@link #failed} may be called on one that acts as a client's user.
 */
public interface NfsListener {
    /** A client mounted a path of an export. */
    void mounted(InetSocketAddress who, String path, Export export);

    /** A client said that it unmounted a path. Machines that are switched off do not say so. */
    void unmounted(InetSocketAddress who, String path);

    /**
     * A client was refused. A client tries again, so the same refusal is told many times.
     *
     * @param what {@code mount}, {@code call} or {@code connection}
     * @param path the path it asked for, or the path of the export whose handle it used; as it came, unescaped; empty for
     *     a connection
     * @param reason one sentence
     */
    void refused(InetSocketAddress who, String what, String path, String reason);

    /**
     * Something went wrong in the server.
     *
     * @param doing what it was doing, one sentence without a full stop
     * @param cause why
     */
    void failed(String doing, Throwable cause);
}
