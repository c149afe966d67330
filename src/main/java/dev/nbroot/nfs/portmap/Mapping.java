package dev.nbroot.nfs.portmap;

/**
 * Where a program listens.
 *
 * @param program its number
 * @param version its version
 * @param protocol 6 for TCP, 17 for UDP
 * @param port 1 to 65535
 */
public record Mapping(int program, int version, int protocol, int port) {
    /** The protocol number of TCP. */
    public static final int TCP = 6;
    /** The protocol number of UDP. */
    public static final int UDP = 17;
}
