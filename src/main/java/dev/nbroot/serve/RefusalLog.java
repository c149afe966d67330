package dev.nbroot.serve;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Tells each refusal once and counts the rest, because a machine that is refused tries again, for ever. Bounded: a
 * machine that asks for ever other things, or many forged addresses, cost a line each up to a limit. Safe for many
 * threads.
 */
final class RefusalLog {
    /** How long repetitions are counted before the count is told. */
    static final Duration QUIET = Duration.ofMinutes(1);
    /** How many different refusals of one machine are told in that time; the others are counted together. */
    static final int MOST_OF_ONE_MACHINE = 10;

    private static final int MOST = 2000;
    private static final String OTHERS = "it asks for many more things that it may not have";

    /**
     * One refusal.
     *
     * @param who the machine
     * @param what {@code mount} or {@code call}
     * @param path what it asked for
     * @param reason why not
     */
    record Entry(InetAddress who, String what, String path, String reason) {}

    /** A refusal that is told again, because it happened so many times more. */
    record Repeated(Entry entry, long times, Duration in) {}

    private static final class Count {
        private final long since;
        private long times;

        Count(long since) {
            this.since = since;
        }
    }

    private final LongSupplier nanoClock;
    private final Map<Entry, Count> counts = new HashMap<>();
    private final Map<InetAddress, Integer> ofMachine = new HashMap<>();
    private long untold;

    RefusalLog(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
    }

    /** Notes a refusal. {@return what to tell: the refusal, a word for all others of that machine, or nothing} */
    synchronized List<Entry> note(Entry refusal) {
        Entry entry = refusal;
        if (!counts.containsKey(entry) && ofMachine.getOrDefault(entry.who(), 0) >= MOST_OF_ONE_MACHINE) {
            entry = new Entry(refusal.who(), refusal.what(), "", OTHERS);
        }
        Count known = counts.get(entry);
        if (known != null) {
            known.times++;
            return List.of();
        }
        if (counts.size() >= MOST) {
            untold++;
            return List.of();
        }
        counts.put(entry, new Count(nanoClock.getAsLong()));
        ofMachine.merge(entry.who(), 1, Integer::sum);
        return List.of(entry);
    }

    /**
     * {@return the refusals that were repeated and whose time is over} One that was not repeated is forgotten then, and
     * told in full when it comes again.
     */
    synchronized List<Repeated> due() {
        long now = nanoClock.getAsLong();
        List<Repeated> due = new ArrayList<>();
        Map<Entry, Count> again = new HashMap<>();
        for (Iterator<Map.Entry<Entry, Count>> all = counts.entrySet().iterator(); all.hasNext(); ) {
            Map.Entry<Entry, Count> one = all.next();
            Count count = one.getValue();
            if (now - count.since < QUIET.toNanos()) {
                continue;
            }
            if (count.times == 0) {
                all.remove();
                ofMachine.computeIfPresent(one.getKey().who(), (who, n) -> n > 1 ? n - 1 : null);
            } else {
                due.add(new Repeated(one.getKey(), count.times, Duration.ofNanos(now - count.since)));
                again.put(one.getKey(), new Count(now));
            }
        }
        counts.putAll(again);
        return due;
    }

    /** {@return how many refusals were neither told nor counted since the last time this was asked: there are too many} */
    synchronized long untold() {
        long before = untold;
        untold = 0;
        return before;
    }
}
