package dev.nbroot.serve;

import dev.nbroot.nfs.export.Export;
import dev.nbroot.nfs.export.NfsListener;
import dev.nbroot.report.Event;
import dev.nbroot.report.Events;
import dev.nbroot.tftp.TransferEnd;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/** Turns what NFS clients do into events; a refusal that is repeated is told once a minute. */
final class NfsActivity implements NfsListener {
    private static final long QUIET_NANOS = Duration.ofMinutes(1).toNanos();
    private static final int REMEMBERED = 1000;

    private final Machines machines;
    private final Events events;
    private final LongSupplier nanoClock;
    private final Map<String, Long> refusals = new HashMap<>();

    NfsActivity(Machines machines, Events events, LongSupplier nanoClock) {
        this.machines = machines;
        this.events = events;
        this.nanoClock = nanoClock;
    }

    @Override
    public void mounted(InetSocketAddress who, String path, Export export) {
        tell(who, "mount", path, "done", "", Map.of("access", export.writable() ? "rw" : "ro"));
    }

    @Override
    public void unmounted(InetSocketAddress who, String path) {
        tell(who, "unmount", path, "done", "", Map.of());
    }

    @Override
    public void refused(InetSocketAddress who, String what, String path, String reason) {
        if (isNews(who.getAddress().getHostAddress() + " " + what + " " + path + " " + reason)) {
            tell(who, what.equals("call") ? "nfs" : what, path, "refused", reason, Map.of());
        }
    }

    @Override
    public void failed(String doing, Throwable cause) {
        String why = cause.getMessage() == null ? cause.toString() : cause.getMessage();
        String text = "NFS: " + doing + " failed: " + TransferEnd.escaped(why);
        if (isNews(text)) {
            events.on(new Event.Notice(Event.Level.WARNING, text));
        }
    }

    private synchronized boolean isNews(String refusal) {
        long now = nanoClock.getAsLong();
        if (refusals.size() >= REMEMBERED) {
            refusals.clear();
        }
        Long last = refusals.get(refusal);
        if (last != null && now - last < QUIET_NANOS) {
            return false;
        }
        refusals.put(refusal, now);
        return true;
    }

    private void tell(
            InetSocketAddress who,
            String what,
            String path,
            String outcome,
            String reason,
            Map<String, Object> details) {
        events.on(new Event.ClientActivity(
                machines.describe(who.getAddress()),
                what,
                TransferEnd.escaped(path),
                outcome,
                TransferEnd.escaped(reason),
                false,
                details));
    }
}
