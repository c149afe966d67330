package dev.nbroot.system;

import java.net.InetAddress;
import java.util.Optional;

/** Tells which network card an address on the local network belongs to, as the kernel knows it (arp(7)). */
@FunctionalInterface
public interface Neighbours {
    /** {@return the card's address, if the kernel has talked to it lately} */
    Optional<MacAddress> find(InetAddress address);
}
