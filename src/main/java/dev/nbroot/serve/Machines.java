package dev.nbroot.serve;

import dev.nbroot.report.Event;
import dev.nbroot.state.ClientRecord;
import dev.nbroot.system.MacAddress;
import dev.nbroot.system.Neighbours;
import java.net.InetAddress;
import java.util.Optional;

/** Knows the machines on the network: address to card by the kernel, card to client by the state directory. */
final class Machines {
    private final ServedState state;
    private final Neighbours neighbours;

    Machines(ServedState state, Neighbours neighbours) {
        this.state = state;
        this.neighbours = neighbours;
    }

    /** {@return the card that has an address} */
    Optional<MacAddress> card(InetAddress address) {
        return neighbours.find(address);
    }

    /** {@return the client with this card} */
    Optional<ClientRecord> client(MacAddress mac) {
        return state.now().clients().stream()
                .filter(client -> client.mac().equals(mac))
                .findFirst();
    }

    /** {@return all that is known about the machine with this address, for events} */
    Event.Machine describe(InetAddress address) {
        Optional<MacAddress> mac = card(address);
        return new Event.Machine(
                mac.map(MacAddress::colons).orElse(""),
                address.getHostAddress(),
                mac.flatMap(this::client).map(ClientRecord::hostname).orElse(""));
    }
}
