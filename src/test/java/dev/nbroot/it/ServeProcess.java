package dev.nbroot.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nbroot.system.Commands;
import dev.nbroot.system.Invocation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;

/** {@code nbroot serve} as a process of its own, with what it has printed; that is also kept in target/it/serve.log. */
public final class ServeProcess implements AutoCloseable {
    private static final long READY_MILLIS = 30_000;
    private static final long END_MILLIS = 15_000;
    private static final Path LOG = Path.of("target/it/serve.log");

    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final Commands.Running process;

    /** Starts it and waits until it says that it is ready. */
    public ServeProcess(Commands commands, Invocation invocation) throws InterruptedException {
        process = commands.start(invocation, this::take);
        await("ready", line -> line.equals("ready"), READY_MILLIS);
    }

    private void take(String line) {
        lines.add(line);
        try {
            Files.createDirectories(LOG.getParent());
            Files.writeString(LOG, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@return what it has printed so far} */
    public List<String> lines() {
        return List.copyOf(lines);
    }

    /** {@return the process id of what was started, which may be a wrapper} */
    public long pid() {
        return process.pid();
    }

    /** Waits for a line. */
    public void await(String what, Predicate<String> wanted, long millis) throws InterruptedException {
        long giveUp = System.nanoTime() + millis * 1_000_000;
        while (lines.stream().noneMatch(wanted)) {
            assertThat(System.nanoTime() < giveUp && process.isAlive())
                    .as("waiting for %s; serve said: %s", what, lines)
                    .isTrue();
            Thread.sleep(50);
        }
    }

    /** {@return its exit status after SIGTERM, which goes to the program and not to what it was started with} */
    public int terminate() {
        ProcessHandle outer = ProcessHandle.of(process.pid()).orElseThrow();
        outer.descendants().reduce((above, below) -> below).orElse(outer).destroy();
        assertThat(process.waitFor(END_MILLIS)).as("serve ends by itself").isTrue();
        return process.status();
    }

    /** Kills it, without a chance to say anything. */
    public void kill() {
        ProcessHandle outer = ProcessHandle.of(process.pid()).orElseThrow();
        outer.descendants().reduce((above, below) -> below).orElse(outer).destroyForcibly();
        assertThat(process.waitFor(END_MILLIS)).as("serve is dead").isTrue();
    }

    @Override
    public void close() {
        process.close();
    }
}
