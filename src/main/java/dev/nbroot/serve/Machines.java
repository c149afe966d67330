package dev.nbroot.serve;

import dev.nbroot.report.Event;
import dev.nbroot.state.ClientRecord;
import dev.nbroot.system.MacAddress;
import dev.nbroot.system.Neighbours;
import java.net.InetAddress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Knows the machines on the network: address to card by the kernel, card to client by the state directory.
 *
 * <p>The kernel is asked at most once a second for each address. It forgets neighbours that are silent for a while,
 * sooner where there are more than a hundred (arp(7), gc_thresh1); the next call of a connection that was idle can then
 * come before it has found the neighbour again, and must not be refused for that. So a card that the kernel has
 * forgotten is remembered for some minutes; as soon as the kernel knows another one, that one counts.
 */
final class Machines {
    private static final long FRESH_NANOS = Duration.ofSeconds(1).toNanos();
    private static final long REMEMBERED_NANOS = Duration.ofMinutes(10).toNanos();
    private static final int MOST = 4096;

    /**
     * What was found for an address.
     *
     * @param seen when the kernel knew the card last, in nanoseconds
     * @param asked when it was asked last
     */
    private record Known(Optional<MacAddress> card, long seen, long asked) {}

    private final ServedState state;
    private final Neighbours neighbours;
    private final LongSupplier nanoClock;
    private final Map<InetAddress, Known> known = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<InetAddress, Known> eldest) {
            return size() > MOST;
        }
    };

    Machines(ServedState state, Neighbours neighbours, LongSupplier nanoClock) {
        this.state = state;
        this.neighbours = neighbours;
        this.nanoClock = nanoClock;
    }

    /** {@return the card that has an address} */
    synchronized Optional<MacAddress> card(InetAddress address) {
        long now = nanoClock.getAsLong();
        Known before = known.get(address);
        if (before != null && now - before.asked() < FRESH_NANOS) {
            return before.card();
        }
        Optional<MacAddress> card = neighbours.find(address);
        boolean remembers = card.isEmpty() && before != null && now - before.seen() < REMEMBERED_NANOS;
        Known found = remembers ? new Known(before.card(), before.seen(), now) : new Known(card, now, now);
        known.put(address, found);
        return found.card();
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
