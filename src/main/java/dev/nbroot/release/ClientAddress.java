package dev.nbroot.release;

/**
 * An IPv4 address that a machine takes without asking DHCP.
 *
 * @param address its own, in dotted form
 * @param mask the network's mask, in dotted form
 * @param hostname the name that goes with it
 */
public record ClientAddress(String address, String mask, String hostname) {}
