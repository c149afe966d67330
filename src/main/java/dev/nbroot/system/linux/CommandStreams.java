package dev.nbroot.system.linux;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.zeroturnaround.exec.stream.LogOutputStream;
import org.zeroturnaround.exec.stream.PumpStreamHandler;

/**
 * The output of a command, waited for as long as it comes.
 *
 * <p>A daemon that the command leaves behind may keep its output open for ever, so the end of the command is not followed by
 * the end of the output. But on a busy machine what a command has said may take long to be taken, and must not be lost: so
 * only silence counts, not time.
 */
final class CommandStreams extends PumpStreamHandler {
    private static final long LOOK_MILLIS = 50;

    private final Pulse pulse;
    private final long silenceNanos;

    private CommandStreams(
            Consumer<String> stdout, Consumer<String> stderr, String input, Pulse pulse, Duration silence) {
        super(
                new Lines(stdout, pulse),
                new Lines(stderr, pulse),
                input == null ? null : new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)));
        this.pulse = pulse;
        this.silenceNanos = silence.toNanos();
    }

    /**
     * Makes them.
     *
     * @param input null: the command's input is empty
     * @param silence how long nothing must have come, once the command has ended, until nothing more is expected
     */
    static CommandStreams of(Consumer<String> stdout, Consumer<String> stderr, String input, Duration silence) {
        return new CommandStreams(stdout, stderr, input, new Pulse(), silence);
    }

    /** When something came last. */
    private static final class Pulse {
        private final AtomicLong busy = new AtomicLong();
        private volatile long last = System.nanoTime();

        /** Somebody takes a line, which may take long. */
        void taking(Runnable task) {
            busy.incrementAndGet();
            try {
                task.run();
            } finally {
                last = System.nanoTime();
                busy.decrementAndGet();
            }
        }

        boolean silentFor(long nanos) {
            return busy.get() == 0 && System.nanoTime() - last > nanos;
        }
    }

    private static final class Lines extends LogOutputStream {
        private final Consumer<String> taker;
        private final Pulse pulse;

        Lines(Consumer<String> taker, Pulse pulse) {
            this.taker = taker;
            this.pulse = pulse;
            setOutputCharset(StandardCharsets.UTF_8.name());
        }

        @Override
        public synchronized void write(byte[] bytes, int from, int count) throws IOException {
            super.write(bytes, from, count);
        }

        @Override
        public synchronized void flush() {
            super.flush();
        }

        @Override
        protected void processLine(String line) {
            pulse.taking(() -> taker.accept(line));
        }
    }

    /** Called when the command has ended. */
    @Override
    public void stop() {
        pulse.taking(() -> {});
        while ((outputThread.isAlive() || errorThread.isAlive()) && !pulse.silentFor(silenceNanos)) {
            try {
                TimeUnit.MILLISECONDS.timedJoin(outputThread, LOOK_MILLIS);
                TimeUnit.MILLISECONDS.timedJoin(errorThread, LOOK_MILLIS);
            } catch (InterruptedException e) {
                // Whoever waits for the command has been interrupted, and kills it.
                Thread.currentThread().interrupt();
                break;
            }
        }
        // What has no line end is a line, too.
        flush();
    }
}
