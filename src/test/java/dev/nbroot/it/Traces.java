package dev.nbroot.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What the kernel knows of a directory: mounts in any mount namespace, and processes that are about it. */
public final class Traces {
    private Traces() {}

    /** {@return the mount points of this process, with their options} */
    public static List<String> hostMounts() {
        return lines(Path.of("/proc/self/mountinfo"));
    }

    /** {@return mounts at or below a directory in the view of any process, and command lines or roots that name it} */
    public static List<String> of(Path directory) {
        try (Stream<Path> entries = Files.list(Path.of("/proc"))) {
            return entries.filter(entry -> entry.getFileName().toString().matches("[0-9]+"))
                    .filter(entry -> !entry.endsWith(
                            Long.toString(ProcessHandle.current().pid())))
                    .flatMap(process -> Stream.concat(
                            lines(process.resolve("mountinfo")).stream()
                                    .map(line -> line.split(" ")[4])
                                    .filter(mount -> mount.startsWith(directory.toString())),
                            about(process).filter(text -> text.contains(directory.toString()))))
                    .distinct()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Stream<String> about(Path process) {
        try {
            return Stream.of(
                    Files.readString(process.resolve("cmdline")).replace('\0', ' '),
                    Files.readSymbolicLink(process.resolve("root")).toString());
        } catch (IOException ended) {
            return Stream.empty();
        }
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException ended) {
            return List.of();
        }
    }
}
