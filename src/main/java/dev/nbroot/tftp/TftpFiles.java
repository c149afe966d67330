package dev.nbroot.tftp;

import java.net.InetSocketAddress;

/**
 * Decides what a requested name means to a client.
 *
 * <p>Called on the server's only thread: while it works, every transfer waits.
 */
@FunctionalInterface
public interface TftpFiles {

    /**
     * Opens what a client asked for.
     *
     * @param name as it was sent, uncleaned; UTF-8, or ISO 8859-1 if it is not valid UTF-8
     * @param client who asks
     */
    Answer open(String name, InetSocketAddress client);

    /** What is done about a request. */
    sealed interface Answer permits Served, Refused, Later {}

    /**
     * The client gets this.
     *
     * @param content open; the server closes it
     * @param servedName what it is called on this side, for the listener
     */
    record Served(TftpContent content, String servedName) implements Answer {}

    /**
     * The client gets nothing, and nobody is told: it repeats its request, as it would had the packet been lost (RFC 1350
     * section 2), and is answered then. PXELINUX goes on asking for two minutes.
     */
    record Later() implements Answer {}

    /**
     * The client gets an ERROR packet.
     *
     * @param outcome what the listener is told
     * @param code what the client is told
     * @param message sent to the client, so without any path of the server
     * @param reason for the listener: one sentence, may be more exact
     */
    record Refused(Outcome outcome, TftpErrorCode code, String message, String reason) implements Answer {
        /** {@return a refusal because there is no such file} */
        public static Refused missing(String reason) {
            return new Refused(Outcome.MISSING, TftpErrorCode.FILE_NOT_FOUND, "file not found", reason);
        }

        /** {@return a refusal because the file may not be read} */
        public static Refused denied(String reason) {
            return new Refused(Outcome.DENIED, TftpErrorCode.ACCESS_VIOLATION, "access denied", reason);
        }

        /** {@return a refusal because the server failed} */
        public static Refused failed(String reason) {
            return new Refused(Outcome.FAILED, TftpErrorCode.NOT_DEFINED, "the server could not open the file", reason);
        }
    }
}
