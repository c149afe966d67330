package dev.nbroot.client;

import dev.nbroot.report.Events;
import dev.nbroot.system.linux.LinuxCommands;
import dev.nbroot.system.linux.LinuxPathExchange;

/** What clients keep on the server, with real programs and calls. */
public final class RealContents {
    private RealContents() {}

    /** {@return it} */
    public static KeptContents get() {
        return new KeptContents(new LinuxCommands(Events.none()), new LinuxPathExchange());
    }
}
