package dev.nbroot.system.linux;

import dev.nbroot.report.Event;
import dev.nbroot.report.Events;
import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import dev.nbroot.system.Commands;
import dev.nbroot.system.Invocation;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.zeroturnaround.exec.ProcessExecutor;
import org.zeroturnaround.exec.ProcessResult;
import org.zeroturnaround.exec.StartedProcess;

/** {@link Commands} by zt-exec: it drains both output streams, which is the part that is easy to get wrong. */
public final class LinuxCommands implements Commands {
    static final Map<String, String> MINIMUM = Map.of(
            "PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            "HOME", "/root",
            "LC_ALL", "C.UTF-8",
            "TERM", "dumb",
            "TMPDIR", "/tmp");

    /** A daemon that a command leaves behind may keep its output open; so long nothing must have come. */
    private static final Duration SILENCE = Duration.ofSeconds(5);

    private final Events events;
    private final Duration silence;

    /**
     * Makes the door.
     *
     * @param events receives every output line of every command
     */
    public LinuxCommands(Events events) {
        this(events, SILENCE);
    }

    LinuxCommands(Events events, Duration silence) {
        this.events = events;
        this.silence = silence;
    }

    @Override
    public Result run(Invocation invocation) {
        List<String> lines = Collections.synchronizedList(new ArrayList<>());
        LastLines last = new LastLines();
        StartedProcess started = launch(
                invocation,
                line -> {
                    lines.add(line);
                    tell(invocation, line, last);
                },
                line -> tell(invocation, line, last));
        int status = await(invocation, started, last);
        if (!invocation.accepted().contains(status)) {
            throw failed(invocation, describe(status), last);
        }
        return new Result(status, lines);
    }

    @Override
    public Running start(Invocation invocation, Consumer<String> output) {
        return new LinuxRunning(launch(invocation, output, output));
    }

    private StartedProcess launch(Invocation invocation, Consumer<String> stdout, Consumer<String> stderr) {
        ProcessExecutor executor = new ProcessExecutor(invocation.argv())
                .environment(environmentOf(invocation))
                .directory(invocation.directory().orElse(Path.of("/")).toFile())
                .redirectErrorStream(false)
                // Without an input zt-exec closes the pipe at once; pumping an empty one would complain when the
                // command has ended before.
                .streams(CommandStreams.of(stdout, stderr, invocation.input().orElse(null), silence));
        try {
            return executor.start();
        } catch (IOException e) {
            throw Failure.of(
                            FailureKind.COMMAND,
                            "cannot start " + invocation.argv().get(0) + ": " + Failure.reason(e),
                            "is it installed?",
                            e)
                    .withCommand(invocation.quoted());
        }
    }

    /** Null takes a variable away: without it zt-exec would pass on what nbroot itself was given. */
    private static Map<String, String> environmentOf(Invocation invocation) {
        Map<String, String> environment = new HashMap<>();
        new ProcessBuilder().environment().keySet().forEach(name -> environment.put(name, null));
        environment.putAll(MINIMUM);
        environment.putAll(invocation.environment());
        return environment;
    }

    private static int await(Invocation invocation, StartedProcess started, LastLines last) {
        try {
            ProcessResult result = started.getFuture().get(invocation.deadline().toMillis(), TimeUnit.MILLISECONDS);
            return result.getExitValue();
        } catch (TimeoutException e) {
            LinuxRunning.kill(started.getProcess());
            throw failed(
                    invocation, "did not end within " + invocation.deadline().toSeconds() + " s", last);
        } catch (InterruptedException e) {
            LinuxRunning.kill(started.getProcess());
            Thread.currentThread().interrupt();
            throw Failure.of(FailureKind.INTERRUPTED, "interrupted while running " + invocation.label(), "")
                    .withCommand(invocation.quoted());
        } catch (ExecutionException e) {
            LinuxRunning.kill(started.getProcess());
            throw failed(invocation, String.valueOf(e.getCause().getMessage()), last);
        }
    }

    private void tell(Invocation invocation, String line, LastLines last) {
        last.add(line);
        events.on(new Event.OutputLine(invocation.label(), line));
    }

    private static String describe(int status) {
        return status > 128 ? "was killed by signal " + (status - 128) : "exit status " + status;
    }

    private static Failure failed(Invocation invocation, String how, LastLines last) {
        return Failure.of(FailureKind.COMMAND, invocation.label() + " failed (" + how + ")", "")
                .withCommand(invocation.quoted())
                .withDetails(last.lines());
    }
}
