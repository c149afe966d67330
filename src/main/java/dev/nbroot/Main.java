package dev.nbroot;

import dev.nbroot.cli.Console;
import dev.nbroot.cli.Nbroot;
import dev.nbroot.report.FailureKind;
import dev.nbroot.system.HomeDirectory;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** The program's entry: wires the ports, builds the command line, exits. */
public final class Main {
    private static final long CLEAN_UP_MILLIS = 15_000;

    private Main() {}

    /**
     * Runs nbroot.
     *
     * <p>At SIGINT and SIGTERM the JVM runs its shutdown hooks: ours interrupts the work, lets it clean up, and ends the
     * process with the work's own exit status instead of 128 plus the signal's number.
     *
     * @param args the command line's words
     */
    public static void main(String[] args) {
        Thread work = Thread.currentThread();
        AtomicInteger status = new AtomicInteger(FailureKind.INTERRUPTED.status());
        Thread onSignal = new Thread(() -> endBySignal(work, status), "on-signal");
        Runtime.getRuntime().addShutdownHook(onSignal);
        Console console = new Console(writer(System.out), writer(System.err), isTerminal());
        status.set(new Nbroot(
                        console,
                        (state, events) -> new Wiring(
                                home(),
                                Optional.ofNullable(System.getenv("SOURCE_DATE_EPOCH")),
                                Optional.ofNullable(System.getenv("TERM")),
                                state,
                                events))
                .run(args));
        try {
            Runtime.getRuntime().removeShutdownHook(onSignal);
        } catch (IllegalStateException shuttingDown) {
            return;
        }
        System.exit(status.get());
    }

    private static void endBySignal(Thread work, AtomicInteger status) {
        work.interrupt();
        try {
            work.join(CLEAN_UP_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Runtime.getRuntime().halt(status.get());
    }

    /** Under sudo, {@code ~} in a profile means the home of the person who typed it, where the SSH keys are. */
    private static Path home() {
        return Optional.ofNullable(System.getenv("SUDO_USER"))
                .flatMap(HomeDirectory::of)
                .or(() -> Optional.ofNullable(System.getenv("HOME")).map(Path::of))
                .orElse(Path.of("/root"));
    }

    private static boolean isTerminal() {
        String terminal = System.getenv("TERM");
        return System.console() != null && terminal != null && !terminal.equals("dumb");
    }

    private static PrintWriter writer(PrintStream stream) {
        return new PrintWriter(stream, false, StandardCharsets.UTF_8);
    }
}
