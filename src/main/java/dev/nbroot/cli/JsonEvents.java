package dev.nbroot.cli;

import dev.nbroot.report.Event;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;

/** Events as JSON lines. */
final class JsonEvents implements EventSink {
    private final PrintWriter talk;
    private final PrintWriter activity;
    private final GlobalOptions options;
    private final Json json = new Json();

    /**
     * Makes the sink.
     *
     * @param talk receives steps and notices
     * @param activity receives what machines do: the result of {@code serve}
     * @param options whether output lines, details and expected activity are shown, and whether steps are
     */
    JsonEvents(PrintWriter talk, PrintWriter activity, GlobalOptions options) {
        this.talk = talk;
        this.activity = activity;
        this.options = options;
    }

    @Override
    public synchronized void on(Event event) {
        if (event instanceof Event.ClientActivity done) {
            if (options.verbose || !done.expected()) {
                print(activity, done.what(), done);
            }
        } else if (event instanceof Event.Ready ready) {
            print(activity, "ready", ready.endpoints());
        } else if (event instanceof Event.OutputLine line) {
            if (options.verbose) {
                print(talk, "output", line);
            }
        } else if (event instanceof Event.Notice notice) {
            if (isShown(notice)) {
                print(talk, "notice", notice);
            }
        } else if (!options.quiet) {
            onWork(event);
        }
    }

    private boolean isShown(Event.Notice notice) {
        return options.verbose
                || notice.level() == Event.Level.WARNING
                || (notice.level() == Event.Level.INFO && !options.quiet);
    }

    private void onWork(Event event) {
        if (event instanceof Event.StepStarted started) {
            print(talk, "stepStarted", started);
        } else if (event instanceof Event.StepFinished finished) {
            print(talk, "stepFinished", finished);
        } else if (event instanceof Event.Progress progress) {
            print(talk, "progress", progress);
        } else if (event instanceof Event.Downloaded downloaded) {
            print(talk, "downloaded", downloaded);
        }
    }

    private void print(PrintWriter to, String type, Object value) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("event", type);
        line.put("data", value);
        to.println(json.line(line));
        to.flush();
    }

    @Override
    public void close() {
        talk.flush();
        activity.flush();
    }
}
