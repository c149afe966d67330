package dev.nbroot.system.linux;

import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import dev.nbroot.system.AttendedCommands;
import dev.nbroot.system.Invocation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** {@link AttendedCommands} by the JDK, which can pass its own streams on; zt-exec always puts pipes between. */
public final class LinuxAttendedCommands implements AttendedCommands {
    private static final List<String> TO_STANDARD_ERROR = List.of("sh", "-c", "exec \"$@\" >&2", "sh");

    private final Optional<String> terminal;

    /**
     * Makes the door.
     *
     * @param terminal which kind of terminal it is, the variable TERM; absent when there is none
     */
    public LinuxAttendedCommands(Optional<String> terminal) {
        this.terminal = terminal;
    }

    @Override
    public int run(Invocation invocation, boolean talking) {
        Invocation shown = terminal.map(name -> invocation.with("TERM", name)).orElse(invocation);
        Invocation started = talking ? shown.behind(TO_STANDARD_ERROR) : shown;
        ProcessBuilder builder = new ProcessBuilder(started.argv())
                .inheritIO()
                .directory(started.directory().orElse(Path.of("/")).toFile());
        builder.environment().clear();
        builder.environment().putAll(LinuxCommands.MINIMUM);
        builder.environment().putAll(started.environment());
        try {
            Process process = builder.start();
            try {
                return process.waitFor();
            } catch (InterruptedException e) {
                LinuxRunning.kill(process);
                Thread.currentThread().interrupt();
                throw Failure.of(FailureKind.INTERRUPTED, "interrupted while running " + invocation.label(), "");
            }
        } catch (IOException e) {
            throw Failure.of(
                    FailureKind.COMMAND,
                    "cannot start " + started.argv().get(0) + ": " + Failure.reason(e),
                    "is it installed?",
                    e);
        }
    }
}
