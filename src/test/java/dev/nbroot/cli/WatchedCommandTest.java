package dev.nbroot.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.nbroot.report.Event;
import dev.nbroot.report.Events;
import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What a person, or a script, sees of a command while it works and when it ends. */
class WatchedCommandTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final GlobalOptions options = new GlobalOptions();

    private int run(boolean interactive, Consumer<Events> work) {
        options.state = Path.of("/nowhere");
        options.color = GlobalOptions.Color.never;
        Console console = new Console(new PrintWriter(out), new PrintWriter(err), interactive);
        AtomicReference<Events> events = new AtomicReference<>();
        CommandRunner runner = new CommandRunner(console, options, (state, listener) -> {
            events.set(listener);
            return null;
        });
        return runner.run(
                useCases -> {
                    work.accept(events.get());
                    return "result";
                },
                text -> text,
                view -> view);
    }

    private static void build(Events events) {
        events.on(new Event.StepStarted("base", "Make the base system"));
        events.on(new Event.StepFinished("base", Duration.ofMillis(31_900), true));
        events.on(new Event.StepStarted("packages", "Install 3 packages"));
        events.on(new Event.Progress("packages", "Fetching less"));
        events.on(new Event.Downloaded("packages", 160, 180_000_000, Duration.ofMillis(12_300)));
        events.on(new Event.StepFinished("packages", Duration.ofMillis(19_800), false));
    }

    private static final String TABLE = """
             31.9 s  cached  Make the base system
             19.8 s  ran     Install 3 packages
            """;
    private static final String SUMS = "total   2 steps, 1 cached; fetched 160 files, 180 MB in 12.3 s";

    @Test
    void elsewhereThanOnATerminalTheTableIsAtTheEnd() {
        assertThat(run(false, WatchedCommandTest::build)).isZero();
        assertThat(err.toString())
                .startsWith("Make the base system ...\nInstall 3 packages ...\n" + indented(TABLE))
                .endsWith(SUMS + "\n");
        assertThat(out).hasToString("result\n");
    }

    @Test
    void onATerminalItGrowsLineByLine() {
        run(true, WatchedCommandTest::build);
        String text = err.toString().replaceAll("\r\u001b\\[K", "");
        assertThat(text).startsWith(indented(TABLE)).endsWith(SUMS + "\n").doesNotContain("...");
    }

    /** A text block loses the indent that all of its lines share. */
    private static String indented(String table) {
        return table.lines().map(line -> "   " + line.strip() + "\n").reduce("", String::concat);
    }

    @Test
    void onlyWhatWasToldOfDownloadsIsShown() {
        run(false, events -> {
            events.on(new Event.StepStarted("a", "A"));
            events.on(new Event.StepFinished("a", Duration.ZERO, false));
            events.on(new Event.StepStarted("b", "B"));
            events.on(new Event.StepFinished("b", Duration.ZERO, false));
        });
        assertThat(err.toString()).endsWith("total   2 steps, 0 cached\n");
        run(false, events -> {
            build(events);
            events.on(new Event.Downloaded("lists", 3, 20_000_000, Duration.ofSeconds(1)));
        });
        assertThat(err.toString()).endsWith("fetched 163 files, 200 MB in 13.3 s\n");
        run(false, events -> {
            events.on(new Event.StepStarted("a", "A"));
            events.on(new Event.Downloaded("a", 0, 0, Duration.ZERO));
            events.on(new Event.StepFinished("a", Duration.ZERO, true));
            events.on(new Event.StepStarted("b", "B"));
            events.on(new Event.StepFinished("b", Duration.ZERO, true));
        });
        assertThat(err.toString()).endsWith("total   2 steps, 2 cached; nothing fetched\n");
    }

    @Test
    void quietIsQuiet() {
        options.quiet = true;
        run(false, WatchedCommandTest::build);
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void quietJsonHasNoEventsButWarnings() {
        options.quiet = true;
        options.json = true;
        run(false, events -> {
            build(events);
            events.on(new Event.Notice(Event.Level.INFO, "by the way"));
        });
        assertThat(err.toString()).isEmpty();
        run(false, events -> events.on(new Event.Notice(Event.Level.WARNING, "mind the gap")));
        assertThat(err.toString()).contains("mind the gap");
    }

    @Test
    void jsonEventsHaveTheNumbers() {
        options.json = true;
        run(false, events -> {
            events.on(new Event.Progress(
                    "packages",
                    "Fetching less",
                    Optional.of(Event.Bytes.of(34, 180, 12)),
                    Optional.of(Event.Items.of("packages", 41, 160))));
            events.on(new Event.Progress("packages", "Unpacking less"));
            events.on(new Event.Downloaded("packages", 160, 180, Duration.ofMillis(1500)));
        });
        assertThat(err.toString().lines())
                .containsExactly(
                        "{\"event\":\"progress\",\"data\":{\"step\":\"packages\",\"text\":\"Fetching less\","
                                + "\"bytes\":{\"done\":34,\"total\":180,\"perSecond\":12},"
                                + "\"items\":{\"what\":\"packages\",\"done\":41,\"total\":160}}}",
                        "{\"event\":\"progress\",\"data\":{\"step\":\"packages\",\"text\":\"Unpacking less\"}}",
                        "{\"event\":\"downloaded\",\"data\":{\"step\":\"packages\",\"files\":160,\"bytes\":180,"
                                + "\"took\":1.5}}");
    }

    private static void fail(Events events) {
        events.on(new Event.StepStarted("base", "Make the base system"));
        events.on(new Event.StepFinished("base", Duration.ofSeconds(1), false));
        events.on(new Event.StepStarted("packages", "Install 3 packages"));
        throw Failure.of(FailureKind.COMMAND, "apt-get failed (exit status 100)", "look at the log")
                .withCommand("apt-get dist-upgrade less")
                .withDetails(List.of("E: no"))
                .withLog(Path.of("/state/build.log"));
    }

    private Failure failure() {
        return catchThrowableOfType(Failure.class, () -> run(false, WatchedCommandTest::fail));
    }

    private void tell(boolean json) {
        Failure failure = failure();
        err.getBuffer().setLength(0);
        Console console = new Console(new PrintWriter(out), new PrintWriter(err), false);
        int status = new FailureReport(console, new Style(false), json, false).tell(failure);
        assertThat(status).isEqualTo(5);
    }

    @Test
    void theStepThatFailedIsInTheTable() {
        failure();
        assertThat(err.toString())
                .contains("ran     Make the base system\n", "failed  Install 3 packages\n", "total   2 steps");
    }

    @Test
    void aFailureSaysWhereItHappened() {
        tell(false);
        assertThat(err).hasToString("""
                        nbroot: apt-get failed (exit status 100)
                          step: Install 3 packages
                          command: apt-get dist-upgrade less
                          | E: no
                          the whole log: /state/build.log
                          try: look at the log
                        """);
    }

    @Test
    void andSoItDoesInJson() {
        tell(true);
        assertThat(out)
                .hasToString("{\"error\":{\"kind\":\"command\",\"message\":\"apt-get failed (exit status 100)\","
                        + "\"hint\":\"look at the log\",\"status\":5,"
                        + "\"step\":\"packages\",\"title\":\"Install 3 packages\","
                        + "\"command\":\"apt-get dist-upgrade less\",\"lines\":[\"E: no\"],"
                        + "\"log\":\"/state/build.log\"}}\n");
    }
}
