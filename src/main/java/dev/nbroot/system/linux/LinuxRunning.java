package dev.nbroot.system.linux;

import dev.nbroot.system.Commands;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A child process and everything below it: {@code nsenter} forks, so the child alone would not be enough. */
final class LinuxRunning implements Commands.Running {
    private static final long GRACE_MILLIS = 2000;

    private final Process process;

    LinuxRunning(Process process) {
        this.process = process;
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
            return process.waitFor(millis, TimeUnit.MILLISECONDS);
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
