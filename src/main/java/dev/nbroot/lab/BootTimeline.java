package dev.nbroot.lab;

import dev.nbroot.report.Event;
import dev.nbroot.report.Events;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** Follows one machine from power-on to a login, by what the servers see of it. */
public final class BootTimeline implements Events {
    /**
     * A stage that was reached.
     *
     * @param after since power-on
     */
    public record Reached(BootStage stage, Duration after) {}

    private final LongSupplier nanoClock;
    private final Consumer<Reached> listener;
    private final List<Reached> reached = new ArrayList<>();
    private final long start;

    /**
     * Starts the clock.
     *
     * @param nanoClock a monotonic clock in nanoseconds
     * @param listener is told every stage once, when it is reached
     */
    public BootTimeline(LongSupplier nanoClock, Consumer<Reached> listener) {
        this.nanoClock = nanoClock;
        this.listener = listener;
        this.start = nanoClock.getAsLong();
        reach(BootStage.POWERED_ON);
    }

    @Override
    public void on(Event event) {
        if (event instanceof Event.ClientActivity done && done.outcome().equals("done")) {
            if (done.what().equals("mount")) {
                reach(BootStage.ROOT);
            } else if (done.what().equals("tftp") || done.what().equals("http")) {
                reach(stageOf(done.subject()));
            }
        }
    }

    /** Takes a line of dnsmasq's log. */
    public void onDhcpLine(String line) {
        if (line.contains("DHCPACK(")) {
            reach(last().compareTo(BootStage.INITRD) < 0 ? BootStage.FIRMWARE_ADDRESS : BootStage.INITRD_ADDRESS);
        }
    }

    /** Notes a stage, unless it or a later one was reached before. */
    public synchronized void reach(BootStage stage) {
        if (reached.isEmpty() || last().compareTo(stage) < 0) {
            Reached now = new Reached(stage, Duration.ofNanos(nanoClock.getAsLong() - start));
            reached.add(now);
            listener.accept(now);
        }
    }

    /** {@return the furthest stage} */
    public synchronized BootStage last() {
        return reached.get(reached.size() - 1).stage();
    }

    /** {@return all stages reached, in order} */
    public synchronized List<Reached> reached() {
        return List.copyOf(reached);
    }

    private static BootStage stageOf(String file) {
        String name = file.substring(file.lastIndexOf('/') + 1);
        if (name.endsWith(".squashfs")) {
            return BootStage.IMAGE;
        }
        if (file.contains("pxelinux.cfg/")) {
            return BootStage.CONFIGURATION;
        }
        if (name.startsWith("vmlinuz")) {
            return BootStage.KERNEL;
        }
        return name.startsWith("initrd") ? BootStage.INITRD : BootStage.LOADER;
    }
}
