package dev.nbroot.client;

import dev.nbroot.report.Events;
import dev.nbroot.system.linux.LinuxCommands;
import dev.nbroot.system.linux.LinuxOverlays;
import dev.nbroot.system.linux.LinuxPathExchange;

/** What clients keep on the server, with real programs and calls. */
public final class RealContents {
    private RealContents() {}

    /** {@return it} */
    public static KeptContents get() {
        return ground().kept();
    }

    /** {@return what all trees of machines are made with} */
    public static ClientGround ground() {
        return new ClientGround(new LinuxOverlays(), new LinuxCommands(Events.none()), new LinuxPathExchange());
    }
}
