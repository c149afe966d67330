package dev.nbroot.http;

import java.net.InetSocketAddress;

/** Decides what a path means to a client. Called on the thread of the request. */
@FunctionalInterface
public interface HttpFiles {
    /**
     * Opens what a client asked for.
     *
     * @param path of the request's target, decoded, as in {@code /nbroot/staged}; may hold anything
     */
    Answer open(String path, InetSocketAddress client);

    /** What is done about a request. */
    sealed interface Answer permits Served, Refused {}

    /**
     * The client gets this.
     *
     * @param content open; the server closes it
     * @param servedName what it is called on this side, for the listener
     */
    record Served(HttpContent content, String servedName) implements Answer {}

    /**
     * The client gets a status without a body.
     *
     * @param outcome {@code MISSING} is 404, {@code DENIED} 403, anything else 500
     * @param reason for the listener: one sentence
     */
    record Refused(HttpOutcome outcome, String reason) implements Answer {}
}
