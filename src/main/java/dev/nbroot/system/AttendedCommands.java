package dev.nbroot.system;

/** Runs a command for the person at the terminal: it has nbroot's own standard input, output and error. */
public interface AttendedCommands {
    /**
     * Runs a command to its end, however long that takes.
     *
     * @param invocation its input and deadline do not count; its environment is constructed as {@link Commands} says
     * @param talking whether what it prints on standard output goes to standard error, because something else is
     *     expected on standard output
     * @return its exit status; 128 and the signal's number when a signal ended it
     * @throws dev.nbroot.report.Failure of kind {@code COMMAND} when it cannot be started, {@code INTERRUPTED} when the
     *     thread is interrupted (the command is killed first)
     */
    int run(Invocation invocation, boolean talking);
}
