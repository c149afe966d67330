package dev.nbroot.build;

import dev.nbroot.report.Event;
import dev.nbroot.report.Events;
import dev.nbroot.report.Failure;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Writes everything that a build's commands print into a file, and turns the lines that show how far they are into
 * progress.
 */
public final class BuildLog implements Events, AutoCloseable {
    /** dpkg's and debootstrap's words; apt's own downloads begin with {@code Get:}. */
    private static final Pattern PROGRESS = Pattern.compile(
            "(?:I: )?((?:Unpacking|Setting up|Retrieving|Configuring|Extracting|Processing triggers for) \\S+).*");

    private static final Pattern DOWNLOAD = Pattern.compile("Get:\\d+ \\S+ \\S+ \\S+ (\\S+) \\S+ (\\S+) \\[.*");

    private final Path file;
    private final BufferedWriter writer;
    private final Events next;
    private String step = "";

    private BuildLog(Path file, BufferedWriter writer, Events next) {
        this.file = file;
        this.writer = writer;
        this.next = next;
    }

    /**
     * Begins a new log, replacing an older one.
     *
     * @param next receives every event too
     */
    public static BuildLog open(Path file, Events next) {
        try {
            return new BuildLog(file, Files.newBufferedWriter(file), next);
        } catch (IOException e) {
            throw Failure.io("write the build log", file, e);
        }
    }

    @Override
    public synchronized void on(Event event) {
        if (event instanceof Event.StepStarted started) {
            step = started.step();
            write("== " + started.title());
        } else if (event instanceof Event.OutputLine output) {
            write(output.label() + ": " + output.line());
            progress(output.line());
        } else if (event instanceof Event.Notice notice) {
            write(notice.text());
        }
        next.on(event);
    }

    private void progress(String line) {
        Matcher matcher = PROGRESS.matcher(line);
        Matcher download = DOWNLOAD.matcher(line);
        if (matcher.matches()) {
            next.on(new Event.Progress(step, matcher.group(1)));
        } else if (download.matches()) {
            next.on(new Event.Progress(step, "Fetching " + download.group(1)));
        }
    }

    private void write(String line) {
        try {
            writer.write(line);
            writer.newLine();
        } catch (IOException e) {
            throw Failure.io("write the build log", file, e);
        }
    }

    @Override
    public synchronized void close() {
        try {
            writer.close();
        } catch (IOException e) {
            throw Failure.io("write the build log", file, e);
        }
    }
}
