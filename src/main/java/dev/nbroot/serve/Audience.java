package dev.nbroot.serve;

import dev.nbroot.system.Ipv4Network;
import dev.nbroot.system.MacAddress;
import java.net.InetAddress;
import java.util.Optional;
import java.util.function.Supplier;

/** Whom an export rule is for. */
public sealed interface Audience {
    /**
     * {@return whether a caller belongs to it}
     *
     * @param address where the call comes from
     * @param card finds the network card that has this address; asked only when it matters
     */
    boolean has(InetAddress address, Supplier<Optional<MacAddress>> card);

    /** {@return how exact it is: of the audiences that have a caller, the one with the highest number decides} */
    int exactness();

    /** The machine with a network card. A card's address can be forged on its own network segment. */
    record Card(MacAddress mac) implements Audience {
        private static final int EXACTNESS = 33;

        @Override
        public boolean has(InetAddress address, Supplier<Optional<MacAddress>> card) {
            return card.get().filter(mac::equals).isPresent();
        }

        @Override
        public int exactness() {
            return EXACTNESS;
        }

        @Override
        public String toString() {
            return mac.colons();
        }
    }

    /** All machines with addresses of a network, which may be a single address. */
    record Network(Ipv4Network network) implements Audience {
        @Override
        public boolean has(InetAddress address, Supplier<Optional<MacAddress>> card) {
            return network.contains(address);
        }

        @Override
        public int exactness() {
            return network.prefix();
        }

        @Override
        public String toString() {
            return network.toString();
        }
    }
}
