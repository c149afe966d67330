package dev.nbroot.tftp;

import java.util.Map;

/** What a datagram at the listening port is. */
sealed interface Incoming {

    /**
     * A request to read (RRQ).
     *
     * @param name not empty, as sent
     * @param netascii whether the transfer mode is netascii; else octet
     * @param options by lower-case name, in the order sent; of an option sent twice the first
     */
    record Read(String name, boolean netascii, Map<String, String> options) implements Incoming {}

    /** A request to write (WRQ), which nobody may. */
    record Write(String name) implements Incoming {}

    /** A request that cannot be understood; {@code name} may be empty. */
    record Malformed(String name, String problem) implements Incoming {}

    /** Not a request. Never answered: an answer to an answer makes two servers talk for ever. */
    record Stray() implements Incoming {}
}
