package dev.nbroot.serve;

import dev.nbroot.http.HttpListener;
import dev.nbroot.http.HttpOutcome;
import dev.nbroot.http.HttpTransfer;
import dev.nbroot.report.Event;
import dev.nbroot.report.Events;
import dev.nbroot.tftp.TransferEnd;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Turns the end of an HTTP request into an event. */
final class HttpActivity implements HttpListener {
    private final Machines machines;
    private final Events events;
    private final BootFileUses uses;

    HttpActivity(Machines machines, Events events, BootFileUses uses) {
        this.machines = machines;
        this.events = events;
        this.uses = uses;
    }

    @Override
    public void ended(HttpTransfer end) {
        if (end.bytes() > 0) {
            uses.fetched(end.client().getAddress(), end.served());
        }
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("status", end.status());
        if (end.bytes() > 0) {
            details.put("bytes", end.bytes());
            details.put("seconds", end.took().toMillis() / 1000.0);
        }
        if (!end.range().isEmpty()) {
            details.put("range", end.range());
        }
        events.on(new Event.ClientActivity(
                machines.describe(end.client().getAddress()),
                "http",
                TransferEnd.escaped(end.asked()),
                end.outcome().name().toLowerCase(Locale.ROOT).replace('_', ' '),
                TransferEnd.escaped(end.reason()),
                end.outcome() == HttpOutcome.PROBE || end.outcome() == HttpOutcome.UNCHANGED,
                details));
    }
}
