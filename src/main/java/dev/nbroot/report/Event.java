package dev.nbroot.report;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;

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
     * @param text where it is, as in "Unpacking openssh-server"; may be empty when the numbers say it all
     * @param bytes how much is fetched or read, where that is known
     * @param items how many things are done, where that is known
     */
    record Progress(String step, String text, Optional<Bytes> bytes, Optional<Items> items) implements Event {
        /** Progress that is not a number. */
        public Progress(String step, String text) {
            this(step, text, Optional.empty(), Optional.empty());
        }
    }

    /**
     * An amount of data on its way.
     *
     * @param done bytes so far
     * @param total bytes in all, once that is known
     * @param perSecond the rate of the last seconds, once that is known
     */
    record Bytes(long done, Optional<Long> total, Optional<Long> perSecond) {
        /** {@return an amount of which everything is known} */
        public static Bytes of(long done, long total, long perSecond) {
            return new Bytes(done, Optional.of(total), Optional.of(perSecond));
        }
    }

    /**
     * A number of things.
     *
     * @param what the things, in the plural, as in {@code packages}
     * @param done how many so far
     * @param total how many in all, once that is known
     */
    record Items(String what, long done, Optional<Long> total) {
        /** {@return a number whose end is known} */
        public static Items of(String what, long done, long total) {
            return new Items(what, done, Optional.of(total));
        }
    }

    /**
     * Something was fetched over the network, told once it is all there. What came out of a cache does not count; that
     * nothing had to be fetched can be told too.
     *
     * @param step the id given to {@link StepStarted}
     * @param files how many files; 0 when everything was there already
     * @param bytes how many bytes
     * @param took wall-clock time
     */
    record Downloaded(String step, long files, long bytes, Duration took) implements Event {}

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
