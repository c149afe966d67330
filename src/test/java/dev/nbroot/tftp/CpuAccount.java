package dev.nbroot.tftp;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The CPU time of a process and all its descendants, kept by a control group (version 2, {@code cpu.stat}).
 *
 * <p>The times in {@code /proc} will not do: a server that forks for each transfer and ignores SIGCHLD leaves no trace of
 * its children's times.
 */
final class CpuAccount implements AutoCloseable {
    private final Optional<Path> group;

    private CpuAccount(Optional<Path> group) {
        this.group = group;
    }

    /** Puts a process into a group of its own. Where that is not possible, its time stays unknown. */
    static CpuAccount of(long pid) throws IOException {
        Optional<Path> mount = Files.readAllLines(Path.of("/proc/mounts")).stream()
                .map(line -> line.split(" "))
                .filter(fields -> fields[2].equals("cgroup2"))
                .map(fields -> Path.of(fields[1]))
                .findFirst();
        if (mount.isEmpty()) {
            return new CpuAccount(mount);
        }
        Path group = mount.get().resolve("nbroot-bench-" + pid);
        try {
            Files.createDirectory(group);
            Files.writeString(group.resolve("cgroup.procs"), Long.toString(pid));
            return new CpuAccount(Optional.of(group));
        } catch (FileSystemException e) {
            Files.deleteIfExists(group);
            return new CpuAccount(Optional.empty());
        }
    }

    /** {@return seconds used so far, if known} */
    OptionalDouble seconds() throws IOException {
        if (group.isEmpty()) {
            return OptionalDouble.empty();
        }
        return Files.readAllLines(group.get().resolve("cpu.stat")).stream()
                .filter(line -> line.startsWith("usage_usec "))
                .mapToDouble(line -> Long.parseLong(line.substring(11)) / 1e6)
                .findFirst();
    }

    /** Removes the group; its processes must have ended. */
    @Override
    public void close() throws IOException {
        if (group.isPresent()) {
            Files.deleteIfExists(group.get());
        }
    }
}
