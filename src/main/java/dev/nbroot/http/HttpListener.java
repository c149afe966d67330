package dev.nbroot.http;

/** Is told what happened. */
@FunctionalInterface
public interface HttpListener {
    /** A request is over. Called by the threads that serve; must be quick. */
    void ended(HttpTransfer transfer);
}
