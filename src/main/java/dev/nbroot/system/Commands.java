package dev.nbroot.system;

import dev.nbroot.report.Failure;
import java.util.List;
import java.util.function.Consumer;

/**
 * The one door to external processes.
 *
 * <p>The environment of a command is constructed, not inherited: {@code PATH} (the system's directories, with sbin),
 * {@code HOME=/root}, {@code LC_ALL=C.UTF-8}, {@code TERM=dumb} and {@code TMPDIR=/tmp}, then the invocation's own
 * variables. So no proxy, locale or credential of the caller leaks into a root.
 */
public interface Commands {

    /**
     * Runs a command to its end.
     *
     * @return what it printed on standard output, when its exit status is an accepted one
     * @throws Failure of kind {@code COMMAND} when it cannot be started, fails, or passes its deadline: it has the
     *     quoted command line, the details are its last lines; of kind {@code INTERRUPTED} when the thread is
     *     interrupted (the command is killed first)
     */
    Result run(Invocation invocation);

    /**
     * Starts a command that works beside nbroot (QEMU, dnsmasq) and returns at once.
     *
     * @param output receives every line of standard output and standard error, on a thread of its own
     * @throws Failure of kind {@code COMMAND} when it cannot be started
     */
    Running start(Invocation invocation, Consumer<String> output);

    /**
     * How a command ended.
     *
     * @param status an accepted exit status
     * @param lines standard output, line by line
     */
    record Result(int status, List<String> lines) {
        /** Copies the lines. */
        public Result {
            lines = List.copyOf(lines);
        }

        /** {@return standard output as one text, lines joined by a line feed, none at the end} */
        public String text() {
            return String.join("\n", lines);
        }
    }

    /** A command that is running. Closing it ends it: SIGTERM, then after two seconds SIGKILL. */
    interface Running extends AutoCloseable {
        /** {@return its process id on the host} */
        long pid();

        /** {@return whether it still runs} */
        boolean isAlive();

        /**
         * Waits for the end.
         *
         * @param millis how long at most
         * @return whether it has ended
         */
        boolean waitFor(long millis);

        /** {@return the exit status; throws {@link IllegalStateException} while it runs} */
        int status();

        @Override
        void close();
    }
}
