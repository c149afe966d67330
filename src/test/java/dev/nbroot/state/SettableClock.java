package dev.nbroot.state;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** A clock that goes when it is told to; its nanoseconds are those of a machine that does not know the date. */
public final class SettableClock extends Clock {
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private long nanos = 42;

    /** Time goes by. */
    public void advance(Duration by) {
        now = now.plus(by);
        nanos += by.toNanos();
    }

    /** Somebody sets the clock. */
    public void set(Instant to) {
        now = to;
    }

    /** As System#nanoTime. */
    public long nanos() {
        return nanos;
    }

    @Override
    public Instant instant() {
        return now;
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return this;
    }
}
