package dev.nbroot.system;

import java.util.Optional;

/** Tells who has a port that could not be bound. */
@FunctionalInterface
public interface PortHolders {
    /** The transport. */
    enum Protocol {
        /** TCP. */
        TCP,
        /** UDP. */
        UDP
    }

    /** {@return the holder as in {@code dnsmasq (process 812)}, if it can be found out} */
    Optional<String> find(Protocol protocol, int port);
}
