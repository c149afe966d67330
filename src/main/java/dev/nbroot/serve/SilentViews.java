package dev.nbroot.serve;

import dev.nbroot.state.ClientMode;
import dev.nbroot.state.ClientRecord;
import dev.nbroot.system.MacAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Lets go of the views of machines that are off, so that others may work in them: while a view is open here, the kernel
 * gives it to nobody else.
 *
 * <p>An idle machine may make no call for minutes, and close its connection. So silence is not enough: it must not answer
 * when it is asked, several times, over a span in which the kernel finds out that a neighbour is gone (arp(7): five
 * seconds' delay, then three requests). Should a machine have been on all the same, its next call opens the view again,
 * and its file handles are still good.
 *
 * <p>A machine that has booted since it called last, and does not call within the time that a boot takes, runs something
 * else by now: it answers, but uses nothing here.
 */
final class SilentViews {
    /** Without a call for this long, a machine is asked. */
    static final Duration SILENCE = Duration.ofSeconds(30);

    /** How many questions in a row it does not answer when it is off; they are asked at each tick. */
    static final int QUESTIONS = 3;

    /** From the question for a menu to the first call: a slow boot loader and an initrd that waits for its network. */
    static final Duration BOOT = Duration.ofMinutes(5);

    private static final int MOST = 4096;

    /** Finds out whether a machine is there. */
    @FunctionalInterface
    interface Probe {
        boolean answers(Caller machine);
    }

    /** Closes an export, and the view that was opened for it. */
    @FunctionalInterface
    interface Release {
        void of(long export) throws IOException;
    }

    /** Hears of a machine that is off, when its view was let go. */
    @FunctionalInterface
    interface Gone {
        /** @param decidedNanos when it was found to be off: what it has done since shows that it is not */
        void of(ClientRecord client, long decidedNanos);
    }

    private static final class Use {
        private final ClientRecord client;
        /** All that have called since the view was opened: each of them may be using it. */
        private final Map<InetAddress, Caller> callers = new HashMap<>();

        /** Which of them have booted since, and when. */
        private final Map<InetAddress, Long> booted = new HashMap<>();

        private long called;
        private int unanswered;

        Use(ClientRecord client) {
            this.client = client;
        }
    }

    private final Probe probe;
    private final LongSupplier nanoClock;
    private final Map<Long, Use> uses = new HashMap<>();
    /** When machines booted last, also those that have not called yet. */
    private final Map<MacAddress, Long> booted = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<MacAddress, Long> eldest) {
            return size() > MOST;
        }
    };

    SilentViews(Probe probe, LongSupplier nanoClock) {
        this.probe = probe;
        this.nanoClock = nanoClock;
    }

    /** Notes a call; quick. */
    synchronized void used(long export, ClientRecord client, Caller who) {
        Use use = uses.computeIfAbsent(export, any -> new Use(client));
        if (client.mode() == ClientMode.SHARED && !use.callers.containsKey(who.address())) {
            // One machine at a time: whoever had it before, even if that is still there, has it no more.
            use.callers.clear();
            use.booted.clear();
        }
        use.callers.put(who.address(), who);
        use.booted.remove(who.address());
        use.called = nanoClock.getAsLong();
        use.unanswered = 0;
    }

    /** Begins to ask a machine that may be using an export, but has not called yet; does nothing when any has. */
    synchronized void watch(long export, ClientRecord client, Caller who) {
        if (!uses.containsKey(export)) {
            used(export, client, who);
            who.card()
                    .map(booted::get)
                    .ifPresent(when -> uses.get(export).booted.put(who.address(), when));
        }
    }

    /** Notes that a machine boots: what it ran before has ended. */
    synchronized void boots(MacAddress card) {
        long now = nanoClock.getAsLong();
        booted.put(card, now);
        for (Use use : uses.values()) {
            for (Caller caller : use.callers.values()) {
                if (caller.card().filter(card::equals).isPresent()) {
                    use.booted.putIfAbsent(caller.address(), now);
                }
            }
        }
    }

    /**
     * Asks silent machines, and lets go of what nobody uses; to be called every few seconds.
     *
     * @param gone is told of each machine at once, unless it has called meanwhile
     * @throws IOException when the NFS server does not let go of one; it is tried again
     */
    void tick(Release release, Gone gone) throws IOException {
        Optional<IOException> problem = Optional.empty();
        for (Map.Entry<Long, Use> silent : silent()) {
            if (callers(silent.getValue()).stream().anyMatch(probe::answers)) {
                answered(silent.getValue());
            } else if (isOff(silent.getValue())) {
                long decided = nanoClock.getAsLong();
                try {
                    release.of(silent.getKey());
                    if (forget(silent.getKey())) {
                        gone.of(silent.getValue().client, decided);
                    }
                } catch (IOException e) {
                    problem = Optional.of(e);
                }
            }
        }
        if (problem.isPresent()) {
            throw problem.get();
        }
    }

    private synchronized List<Map.Entry<Long, Use>> silent() {
        long now = nanoClock.getAsLong();
        return uses.entrySet().stream()
                .filter(entry -> now - entry.getValue().called > SILENCE.toNanos())
                .map(entry -> Map.entry(entry.getKey(), entry.getValue()))
                .toList();
    }

    /** {@return those that may be using it, if they are there} */
    private synchronized List<Caller> callers(Use use) {
        long now = nanoClock.getAsLong();
        return use.callers.values().stream()
                .filter(caller -> {
                    Long booted = use.booted.get(caller.address());
                    return booted == null || now - booted < BOOT.toNanos();
                })
                .toList();
    }

    private synchronized void answered(Use use) {
        use.unanswered = 0;
    }

    private synchronized boolean isOff(Use use) {
        // A call may have come while it was asked.
        boolean silent = nanoClock.getAsLong() - use.called > SILENCE.toNanos();
        use.unanswered = silent ? use.unanswered + 1 : 0;
        return use.unanswered >= QUESTIONS;
    }

    /** Unless it has called meanwhile: then its view is open again. {@return whether it has not} */
    private synchronized boolean forget(long export) {
        boolean off = uses.get(export).unanswered >= QUESTIONS;
        if (off) {
            uses.remove(export);
        }
        return off;
    }
}
