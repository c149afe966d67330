package dev.nbroot.tftp;

import java.time.Duration;

/**
 * When to send again: the estimator of RFC 6298 with bounds for a LAN.
 *
 * <p>Fixed timers of a second make a link that loses 1 % of its packets seven times slower than this. After a doubling
 * the doubled value stays until a packet that was sent only once is answered (Karn's rule), so that a client slower than
 * the bounds is not flooded. Times are in nanoseconds.
 */
final class RetransmitTimer {
    private static final long MIN = Duration.ofMillis(50).toNanos();
    private static final long USUAL_MAX = Duration.ofSeconds(1).toNanos();
    private static final long INITIAL = Duration.ofMillis(250).toNanos();
    private static final long MAX_DOUBLED = Duration.ofSeconds(5).toNanos();

    private final long max;
    private final long maxDoubled;
    private long smoothed = -1;
    private long variation;
    private long timeout = INITIAL;

    /**
     * Starts without a measurement.
     *
     * @param timeoutSeconds the client's wish (RFC 2349), or 0
     */
    RetransmitTimer(int timeoutSeconds) {
        max = timeoutSeconds > 0 ? Duration.ofSeconds(timeoutSeconds).toNanos() : USUAL_MAX;
        maxDoubled = Math.max(max, MAX_DOUBLED);
    }

    /** Takes the time between a packet that was sent once and its acknowledgement. */
    void sample(long roundTrip) {
        if (smoothed < 0) {
            smoothed = roundTrip;
            variation = roundTrip / 2;
        } else {
            variation += (Math.abs(smoothed - roundTrip) - variation) / 4;
            smoothed += (roundTrip - smoothed) / 8;
        }
        timeout = Math.min(max, Math.max(MIN, smoothed + 4 * variation));
    }

    /** Doubles the timeout: an answer did not come in time. */
    void backOff() {
        timeout = Math.min(maxDoubled, timeout * 2);
    }

    /** {@return how long to wait for an answer} */
    long timeout() {
        return timeout;
    }

    /** {@return the smoothed round trip, or a guess before the first measurement} */
    long roundTrip() {
        return smoothed < 0 ? INITIAL : smoothed;
    }
}
