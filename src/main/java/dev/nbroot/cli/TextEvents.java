package dev.nbroot.cli;

import dev.nbroot.report.Event;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Events as lines for a person; on a terminal the running step is one line that shows its elapsed time. */
final class TextEvents implements EventSink {
    private static final int LINE_WIDTH = 100;
    private static final String ERASE_LINE = "\r\u001b[K";
    private static final long REDRAW_MILLIS = 250;
    private static final long PLAIN_PROGRESS_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final Console console;
    private final GlobalOptions options;
    private final Style style;
    private final Steps steps;
    private final ScheduledExecutorService redraw;
    private String title = "";
    private String progress = "";
    private long startedNanos;
    private long toldNanos;

    /**
     * Makes the sink.
     *
     * @param steps has taken every event before this sees it
     */
    TextEvents(Console console, GlobalOptions options, Steps steps) {
        this.console = console;
        this.options = options;
        this.steps = steps;
        this.style = Style.of(options, console);
        this.redraw = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "progress");
            thread.setDaemon(true);
            return thread;
        });
        if (drawsProgress()) {
            redraw.scheduleAtFixedRate(this::draw, REDRAW_MILLIS, REDRAW_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private boolean drawsProgress() {
        return console.interactive() && !options.quiet && !options.verbose;
    }

    @Override
    public synchronized void on(Event event) {
        if (event instanceof Event.StepStarted started) {
            title = started.title();
            progress = "";
            startedNanos = System.nanoTime();
            toldNanos = startedNanos;
            if (!options.quiet && !drawsProgress()) {
                talk(title + " ...");
            }
        } else if (event instanceof Event.StepFinished finished) {
            // On a terminal the table grows line by line; elsewhere other lines would stand between.
            if (drawsProgress()) {
                talk(steps.line(finished));
            }
            title = "";
        } else if (event instanceof Event.Progress update) {
            progress = Amounts.of(update);
            long now = System.nanoTime();
            if (!options.quiet && !drawsProgress() && now - toldNanos > PLAIN_PROGRESS_NANOS) {
                toldNanos = now;
                talk(String.format(Locale.ROOT, "%9s  ... %s", elapsed(), progress));
            }
        } else if (event instanceof Event.OutputLine output) {
            if (options.verbose) {
                talk("  " + output.label() + ": " + output.line());
            }
        } else if (event instanceof Event.Notice notice) {
            show(notice);
        } else if (event instanceof Event.ClientActivity activity) {
            if (!activity.expected() || options.verbose) {
                print(console.out(), ActivityLine.of(activity));
            }
        } else if (event instanceof Event.Ready) {
            print(console.out(), "ready");
        }
    }

    private void show(Event.Notice notice) {
        boolean shown = notice.level() == Event.Level.WARNING
                || (notice.level() == Event.Level.INFO && !options.quiet)
                || options.verbose;
        if (shown) {
            talk((notice.level() == Event.Level.WARNING ? style.warning("nbroot: warning:") + " " : "")
                    + notice.text());
        }
    }

    private void talk(String line) {
        print(console.err(), line);
    }

    private void print(PrintWriter to, String line) {
        if (drawsProgress()) {
            console.err().print(ERASE_LINE);
            console.err().flush();
        }
        to.println(line);
        to.flush();
    }

    private synchronized void draw() {
        if (title.isEmpty()) {
            return;
        }
        String line =
                String.format(Locale.ROOT, "%9s  %s%s", elapsed(), title, progress.isEmpty() ? "" : ": " + progress);
        console.err().print(ERASE_LINE + (line.length() > LINE_WIDTH ? line.substring(0, LINE_WIDTH) : line));
        console.err().flush();
    }

    private String elapsed() {
        return Steps.seconds(Duration.ofNanos(System.nanoTime() - startedNanos));
    }

    @Override
    public synchronized void close() {
        redraw.shutdownNow();
        if (drawsProgress() && !title.isEmpty()) {
            console.err().print(ERASE_LINE);
        }
        title = "";
        if (!options.quiet) {
            if (!drawsProgress()) {
                steps.finished().forEach(this::talk);
            }
            steps.summary().forEach(this::talk);
        }
        console.err().flush();
        console.out().flush();
    }
}
