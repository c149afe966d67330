package dev.nbroot.it;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * A build in a process of its own, which can be watched and killed.
 *
 * @param process it
 * @param lines what it has printed so far: its events and its outcome
 */
public record ForkedBuild(Process process, List<String> lines) {
    /**
     * Starts one.
     *
     * @param prefix words before the command, as of a program that runs it elsewhere
     * @param stops where it waits for {@link #goOn}, see {@link BuildHarness#main}
     */
    public static ForkedBuild start(List<String> prefix, Path state, Path home, Path profile, String... stops)
            throws IOException {
        List<String> argv = new ArrayList<>(prefix);
        argv.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                BuildHarness.class.getName(),
                state.toString(),
                home.toString(),
                profile.toString()));
        argv.addAll(List.of(stops));
        return new ForkedBuild(
                new ProcessBuilder(argv).redirectErrorStream(true).start(), new ArrayList<>());
    }

    /**
     * Reads until it ends.
     *
     * @param each is told every line at once
     * @return its exit status; 137 when it was killed
     */
    public int follow(Consumer<String> each) throws IOException, InterruptedException {
        try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                lines.add(line);
                each.accept(line);
            }
        }
        return process.waitFor();
    }

    /** As {@link #follow(Consumer)}, only watching. */
    public int follow() throws IOException, InterruptedException {
        return follow(line -> {});
    }

    /** Lets it go on from where it was told to stop. */
    public void goOn() {
        try {
            process.getOutputStream().write('\n');
            process.getOutputStream().flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends SIGKILL to it, and to nothing that it has started. */
    public void kill() {
        // Process.destroyForcibly() would close the stream that is being read.
        process.toHandle().destroyForcibly();
    }
}
