package dev.nbroot.serve;

import dev.nbroot.nfs.export.Export;
import dev.nbroot.nfs.export.NfsListener;
import dev.nbroot.report.Event;
import dev.nbroot.report.Events;
import dev.nbroot.tftp.TransferEnd;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/** Turns what NFS clients do into events; what is repeated is counted and told once a minute. */
final class NfsActivity implements NfsListener {
    private static final int REMEMBERED = 1000;

    private final Machines machines;
    private final Events events;
    private final LongSupplier nanoClock;
    private final RefusalLog refusals;
    private final Map<String, Long> failures = new HashMap<>();

    NfsActivity(Machines machines, Events events, LongSupplier nanoClock) {
        this.machines = machines;
        this.events = events;
        this.nanoClock = nanoClock;
        this.refusals = new RefusalLog(nanoClock);
    }

    @Override
    public void mounted(InetSocketAddress who, String path, Export export) {
        tell(who.getAddress(), "mount", path, "done", "", Map.of("access", export.writable() ? "rw" : "ro"));
    }

    @Override
    public void unmounted(InetSocketAddress who, String path) {
        tell(who.getAddress(), "unmount", path, "done", "", Map.of());
    }

    @Override
    public void refused(InetSocketAddress who, String what, String path, String reason) {
        refusals.note(new RefusalLog.Entry(who.getAddress(), what, path, reason))
                .forEach(entry -> refused(entry, Map.of()));
    }

    /** Tells what was counted; to be called every few seconds. */
    void tick() {
        for (RefusalLog.Repeated again : refusals.due()) {
            Map<String, Object> details = new LinkedHashMap<>();
            details.put("again", again.times());
            details.put("seconds", again.in().toSeconds());
            refused(again.entry(), details);
        }
        long untold = refusals.untold();
        if (untold > 0) {
            warn("NFS: " + untold + " calls of other machines were refused too; there are too many to tell each");
        }
    }

    private void refused(RefusalLog.Entry entry, Map<String, Object> details) {
        String what = entry.what().equals("call") ? "nfs" : entry.what();
        tell(entry.who(), what, entry.path(), "refused", entry.reason(), details);
    }

    @Override
    public void failed(String doing, Throwable cause) {
        String why = cause.getMessage() == null ? cause.toString() : cause.getMessage();
        String text = "NFS: " + doing + " failed: " + TransferEnd.escaped(why);
        if (isNews(text)) {
            warn(text);
        }
    }

    private void warn(String text) {
        events.on(new Event.Notice(Event.Level.WARNING, text));
    }

    private synchronized boolean isNews(String failure) {
        long now = nanoClock.getAsLong();
        if (failures.size() >= REMEMBERED) {
            failures.clear();
        }
        Long last = failures.get(failure);
        if (last != null && now - last < RefusalLog.QUIET.toNanos()) {
            return false;
        }
        failures.put(failure, now);
        return true;
    }

    private void tell(
            InetAddress who, String what, String path, String outcome, String reason, Map<String, Object> details) {
        events.on(new Event.ClientActivity(
                machines.describe(who),
                what,
                TransferEnd.escaped(path),
                outcome,
                TransferEnd.escaped(reason),
                false,
                details));
    }
}
