package dev.nbroot.serve;

import dev.nbroot.report.Failure;
import dev.nbroot.system.MacAddress;
import dev.nbroot.system.Neighbours;
import java.io.IOException;
import java.net.InetAddress;
import java.util.Optional;

/**
 * Finds out whether the machine that called from an address is there still, and not another one that has got its address:
 * on a network of this host's the card tells. Behind a router nothing does, and whatever answers counts.
 */
final class Presence implements SilentViews.Probe {
    private static final int ECHO_MILLIS = 1000;

    private final Echo echo;
    private final Neighbours neighbours;

    /** Asks a machine whether it is there. */
    @FunctionalInterface
    interface Echo {
        boolean answers(InetAddress machine) throws IOException;
    }

    Presence(Echo echo, Neighbours neighbours) {
        this.echo = echo;
        this.neighbours = neighbours;
    }

    /** {@return one that asks by echo requests, each of which takes a second when nobody answers} */
    static Presence byEcho(Neighbours neighbours) {
        return new Presence(machine -> machine.isReachable(ECHO_MILLIS), neighbours);
    }

    /** The echo request makes the kernel look for the neighbour, which answers that even when it answers no echo. */
    @Override
    public boolean answers(Caller caller) {
        try {
            boolean echoes = echo.answers(caller.address());
            Optional<MacAddress> card = neighbours.find(caller.address());
            return card.isPresent() && caller.card().isPresent()
                    ? card.equals(caller.card())
                    : echoes || card.isPresent();
        } catch (IOException | Failure e) {
            // As when the network is down: then nothing is known of it.
            return true;
        }
    }
}
