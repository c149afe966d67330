package dev.nbroot.serve;

import dev.nbroot.report.Event;
import dev.nbroot.report.Events;
import dev.nbroot.tftp.Outcome;
import dev.nbroot.tftp.TftpListener;
import dev.nbroot.tftp.TransferEnd;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Turns the end of a transfer into an event. */
final class TftpActivity implements TftpListener {
    private final Machines machines;
    private final Events events;
    private final BootFileUses uses;

    TftpActivity(Machines machines, Events events, BootFileUses uses) {
        this.machines = machines;
        this.events = events;
        this.uses = uses;
    }

    @Override
    public void ended(TransferEnd end) {
        if (!end.served().isEmpty()) {
            uses.fetched(end.client().getAddress(), end.served());
        }
        Map<String, Object> details = new LinkedHashMap<>();
        if (end.blksize() > 0) {
            details.put("bytes", end.bytes());
            details.put("seconds", Math.round(end.took().toMillis()) / 1000.0);
            details.put("blksize", end.blksize());
            details.put("window", end.window());
            details.put("retransmitted", end.retransmitted());
        }
        if (!end.served().isEmpty() && !end.served().equals(end.asked())) {
            details.put("served", TransferEnd.escaped(end.served()));
        }
        events.on(new Event.ClientActivity(
                machines.describe(end.client().getAddress()),
                "tftp",
                TransferEnd.escaped(end.asked()),
                end.outcome().name().toLowerCase(Locale.ROOT).replace('_', ' '),
                TransferEnd.escaped(end.reason()),
                isExpected(end),
                details));
    }

    /**
     * PXELINUX looks for its configuration under nine or more names before it finds one, and GRUB looks for lists that
     * need not exist; firmware asks for a file's size before it asks for the file.
     */
    private static boolean isExpected(TransferEnd end) {
        String name = end.asked();
        return end.outcome() == Outcome.PROBE
                || (end.outcome() == Outcome.MISSING && (name.contains("pxelinux.cfg/") || name.endsWith(".lst")));
    }
}
