package dev.nbroot.serve;

import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import dev.nbroot.system.Ipv4Network;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.List;

/** The networks that this host is on, as seen by the calling thread: it may be in a network namespace of its own. */
final class OwnNetworks {
    private OwnNetworks() {}

    /** {@return the networks of one of this host's addresses; of all its addresses when it is the wildcard} */
    static List<Ipv4Network> of(InetAddress address) {
        try {
            return NetworkInterface.networkInterfaces()
                    .flatMap(card -> card.getInterfaceAddresses().stream())
                    .filter(own -> own.getAddress() instanceof Inet4Address)
                    .filter(own ->
                            address.isAnyLocalAddress() || own.getAddress().equals(address))
                    .map(OwnNetworks::network)
                    .distinct()
                    .toList();
        } catch (SocketException e) {
            throw Failure.of(
                    FailureKind.HOST, "cannot list this host's addresses: " + Failure.reason(e), "ip -4 address", e);
        }
    }

    private static Ipv4Network network(InterfaceAddress own) {
        return Ipv4Network.around(own.getAddress(), own.getNetworkPrefixLength());
    }
}
