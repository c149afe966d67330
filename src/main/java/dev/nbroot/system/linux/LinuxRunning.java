package dev.nbroot.system.linux;

import dev.nbroot.system.Commands;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.zeroturnaround.exec.StartedProcess;

/** A child process and everything below it: {@code nsenter} forks, so the child alone would not be enough. */
final class LinuxRunning implements Commands.Running {
    private static final long GRACE_MILLIS = 2000;

    private final Process process;
    private final Future<?> output;

    LinuxRunning(StartedProcess started) {
        this.process = started.getProcess();
        this.output = started.getFuture();
    }

    @Override
    public long pid() {
        return process.pid();
    }

    @Override
    public boolean isAlive() {
        return process.isAlive();
    }

    @Override
    public boolean waitFor(long millis) {
        try {
            output.get(millis, TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException | CancellationException e) {
            // Its output is lost, and it may have ended.
            return !process.isAlive();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public int status() {
        if (process.isAlive()) {
            throw new IllegalStateException("process " + process.pid() + " still runs");
        }
        return process.exitValue();
    }

    @Override
    public void close() {
        List<ProcessHandle> below = process.descendants().toList();
        below.forEach(ProcessHandle::destroy);
        process.destroy();
        boolean interrupted = Thread.interrupted();
        waitFor(GRACE_MILLIS);
        below.forEach(ProcessHandle::destroyForcibly);
        kill(process);
        waitFor(GRACE_MILLIS);
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    static void kill(Process process) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }
}
