package dev.nbroot.cli;

import java.time.Duration;

/** How long ago something was, for people. */
final class Ago {
    private Ago() {}

    /** {@return the time in its largest unit, as in {@code 35 min ago}; what is not two minutes ago is now} */
    static String text(Duration ago) {
        // Notes are to the minute.
        if (ago.toMinutes() < 2) {
            return "now";
        }
        if (ago.toHours() < 1) {
            return ago.toMinutes() + " min ago";
        }
        return ago.toDays() < 2 ? ago.toHours() + " h ago" : ago.toDays() + " d ago";
    }
}
