package dev.nbroot.tftp;

import java.time.Duration;

/**
 * When a transfer sends again, goes back in its window, and gives up. All times are nanoseconds of one monotonic clock.
 */
final class Pace {
    private final RetransmitTimer timer;
    private final long giveUp;
    private boolean newestSentOnce;
    private long newestSentAt;
    private long windowSentAt;
    private long wentBackAt;
    private long progressAt;
    private long deadline;
    private int echoes;

    /**
     * Starts with nothing sent.
     *
     * @param timeoutSeconds the client's wish (RFC 2349), or 0
     * @param giveUp how long to wait for progress; a client that wished for long timeouts gets two of them
     * @param now the time of the request
     */
    Pace(int timeoutSeconds, Duration giveUp, long now) {
        this.timer = new RetransmitTimer(timeoutSeconds);
        this.giveUp = Math.max(
                giveUp.toNanos(), Duration.ofSeconds(2L * timeoutSeconds).toNanos());
        this.progressAt = now;
        this.wentBackAt = now;
    }

    /** The first packet of a window is about to be sent. */
    void windowBegins(long now) {
        windowSentAt = now;
    }

    /** A packet was sent; {@code once}: for the first time. */
    void sent(boolean once, long now) {
        newestSentOnce = once;
        newestSentAt = now;
        echoes += once ? 0 : 1;
    }

    /** The client acknowledged something new; {@code newest}: the packet sent last. */
    void progressed(boolean newest, long now) {
        if (newest && newestSentOnce) {
            timer.sample(now - newestSentAt);
            echoes = 0;
        }
        progressAt = now;
    }

    /** Nothing more can be sent now: sets the deadline. */
    void rest(long now) {
        long due = now + timer.timeout();
        long latest = progressAt + giveUp;
        deadline = due - latest > 0 ? latest : due;
    }

    /** {@return when there is something to do, whatever comes} */
    long deadline() {
        return deadline;
    }

    /** {@return whether the client has been silent for too long} */
    boolean hopeless(long now) {
        return now - progressAt >= giveUp;
    }

    /** {@return whether the client acknowledged something new within this time} */
    boolean progressedWithin(Duration time, long now) {
        return now - progressAt < time.toNanos();
    }

    /** {@return whole seconds without progress} */
    long silentSeconds(long now) {
        return Duration.ofNanos(now - progressAt).toSeconds();
    }

    /** No answer came in time. */
    void timedOut(long now) {
        timer.backOff();
        wentBackAt = now;
    }

    /**
     * {@return whether to send again what follows a part of the window that arrived}
     *
     * <p>At most once per round trip: further acknowledgements of the same loss are on their way already.
     */
    boolean mayGoBack(long now) {
        if (now - wentBackAt < timer.roundTrip()) {
            return false;
        }
        wentBackAt = now;
        return true;
    }

    /**
     * {@return whether a repeated acknowledgement asks for the window that was sent last}
     *
     * <p>A client answers each block that it has already, so every packet sent again may bring one acknowledgement that
     * asks for nothing: taken for a loss it would have the next window sent twice too, and so to the end. They have all
     * come when something sent later, and once, is acknowledged.
     */
    boolean mayRepeat(long now) {
        if (echoes > 0) {
            echoes--;
            return false;
        }
        return now - windowSentAt >= timer.roundTrip() / 2 && mayGoBack(now);
    }
}
