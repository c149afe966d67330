package dev.nbroot.tftp;

/** Is told about every request once, at its end. */
@FunctionalInterface
public interface TftpListener {
    /**
     * Takes one event.
     *
     * <p>Called on the server's only thread, so it must be quick. If it throws, the thread's uncaught-exception handler
     * is told and the server goes on.
     */
    void ended(TransferEnd end);
}
