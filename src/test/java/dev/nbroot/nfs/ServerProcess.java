package dev.nbroot.nfs;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** {@link ServeDirectory} as a process of its own with little memory, so that what it takes can be told from outside. */
final class ServerProcess implements AutoCloseable {
    private final Process process;
    private final Path log;
    private final int port;

    /**
     * Starts a server on the loopback interface.
     *
     * @param log takes what it says
     * @param changes as {@link ServeDirectory} wants it
     * @param prefix a program that starts it, and its arguments
     */
    ServerProcess(Path directory, Path log, String changes, String... prefix) throws IOException {
        this.log = log;
        List<String> command = new ArrayList<>(List.of(prefix));
        command.add(ProcessHandle.current().info().command().orElse("java"));
        command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-XX:+UseSerialGC", "-Xmx128m"));
        command.addAll(List.of("-XX:MaxDirectMemorySize=96m", "-XX:TieredStopAtLevel=1"));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), ServeDirectory.class.getName()));
        command.addAll(List.of("127.0.0.1", "0", "-1", directory.toString(), changes));
        process = new ProcessBuilder(command).redirectError(log.toFile()).start();
        BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        String line = out.readLine();
        if (line == null || !line.startsWith("ready ")) {
            process.destroyForcibly();
            throw new IOException("the server did not start: " + line + " " + Files.readString(log));
        }
        port = Integer.parseInt(line.substring(6));
    }

    int port() {
        return port;
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** {@return how many descriptors it has open} */
    int descriptors() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("/proc/" + process.pid() + "/fd"))) {
            return (int) files.count();
        }
    }

    /** {@return how much of its memory is resident, in MiB} */
    int residentMebibytes() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/" + process.pid() + "/status"))) {
            if (line.startsWith("VmRSS:")) {
                return Integer.parseInt(line.replaceAll("[^0-9]", "")) / 1024;
            }
        }
        return 0;
    }

    /** {@return the names of its threads that serve} */
    List<String> servingThreads() throws IOException {
        List<String> names = new ArrayList<>();
        try (Stream<Path> threads = Files.list(Path.of("/proc/" + process.pid() + "/task"))) {
            for (Path thread : threads.toList()) {
                try {
                    names.add(Files.readString(thread.resolve("comm")).strip());
                } catch (NoSuchFileException e) {
                    // It ended while we looked.
                }
            }
        }
        names.removeIf(name -> !name.startsWith("nfs-"));
        names.sort(null);
        return names;
    }

    /** {@return the lines it wrote that begin so} */
    List<String> said(String prefix) throws IOException {
        try (Stream<String> lines = Files.lines(log, StandardCharsets.ISO_8859_1)) {
            return lines.filter(line -> line.startsWith(prefix)).toList();
        }
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
