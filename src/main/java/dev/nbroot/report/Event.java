package dev.nbroot.report;

import java.time.Duration;
import java.util.Map;

/** Something that happened, as data. The edge turns it into a line of text or of JSON. */
public sealed interface Event {

    /**
     * A step of a plan began.
     *
     * @param step the step's stable id, as in {@code packages}
     * @param title what it does, as in "Install 212 packages"
     */
    record StepStarted(String step, String title) implements Event {}

    /**
     * A step of a plan ended well.
     *
     * @param step the id given to {@link StepStarted}
     * @param took wall-clock time
     * @param cached whether an earlier result was used instead of doing the work
     */
    record StepFinished(String step, Duration took, boolean cached) implements Event {}

    /**
     * How far the running step is.
     *
     * @param step the id given to {@link StepStarted}
     * @param text where it is, as in "Unpacking openssh-server"
     */
    record Progress(String step, String text) implements Event {}

    /**
     * A line that an external command printed; shown with {@code --verbose}.
     *
     * @param label the command's short name
     * @param line the line, without its end
     */
    record OutputLine(String label, String line) implements Event {}

    /** A remark for the user that is not a failure. */
    record Notice(Level level, String text) implements Event {}

    /** How loud a {@link Notice} is. */
    enum Level {
        /** Only with {@code --verbose}. */
        DETAIL,
        /** Shown unless {@code --quiet}. */
        INFO,
        /** Always shown. */
        WARNING
    }

    /**
     * Something a machine on the network did, told once, at its end.
     *
     * @param who the machine
     * @param what {@code tftp}, {@code mount}, {@code unmount}, ...
     * @param subject the file or path asked for, control characters escaped
     * @param outcome {@code done}, {@code refused}, {@code failed}, {@code missing}, ...
     * @param reason why, one sentence; empty for plain success
     * @param expected whether this is an ordinary look-up (a boot loader's probes): shown with {@code --verbose} only
     * @param details further facts for JSON and the line's tail (bytes, seconds, blksize, ...), in order
     */
    record ClientActivity(
            Machine who,
            String what,
            String subject,
            String outcome,
            String reason,
            boolean expected,
            Map<String, Object> details)
            implements Event {}

    /**
     * A machine on the network, as far as it is known.
     *
     * @param mac colon form in lower case, or empty
     * @param address the IP address, or empty
     * @param hostname as configured for the client, or empty
     */
    record Machine(String mac, String address, String hostname) {}

    /** All sockets of {@code serve} listen. */
    record Ready(Map<String, Object> endpoints) implements Event {}
}
