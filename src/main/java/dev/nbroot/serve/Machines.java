package dev.nbroot.serve;

import dev.nbroot.report.Event;
import dev.nbroot.state.ClientRecord;
import dev.nbroot.state.StateFiles;
import dev.nbroot.system.MacAddress;
import dev.nbroot.system.Neighbours;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/** Knows the machines on the network: address to card by the kernel, card to client by the state directory. */
public final class Machines {
    private static final long FRESH_NANOS = Duration.ofSeconds(1).toNanos();

    private final StateFiles files;
    private final Neighbours neighbours;
    private final LongSupplier nanoClock;
    private Map<MacAddress, ClientRecord> clients = Map.of();
    private long readAt;

    /**
     * Makes the directory.
     *
     * @param nanoClock a monotonic clock; client records are read again when older than a second, so that a clone made
     *     while serving is known at once
     */
    public Machines(StateFiles files, Neighbours neighbours, LongSupplier nanoClock) {
        this.files = files;
        this.neighbours = neighbours;
        this.nanoClock = nanoClock;
        this.readAt = nanoClock.getAsLong() - 2 * FRESH_NANOS;
    }

    /** {@return the card that has an address} */
    public Optional<MacAddress> card(InetAddress address) {
        return neighbours.find(address);
    }

    /** {@return the client with this card} */
    public synchronized Optional<ClientRecord> client(MacAddress mac) {
        long now = nanoClock.getAsLong();
        if (now - readAt > FRESH_NANOS) {
            clients = files.clients().stream().collect(Collectors.toMap(ClientRecord::mac, Function.identity()));
            readAt = now;
        }
        return Optional.ofNullable(clients.get(mac));
    }

    /** {@return all that is known about the machine with this address, for events} */
    public Event.Machine describe(InetAddress address) {
        Optional<MacAddress> mac = card(address);
        return new Event.Machine(
                mac.map(MacAddress::colons).orElse(""),
                address.getHostAddress(),
                mac.flatMap(this::client).map(ClientRecord::hostname).orElse(""));
    }
}
