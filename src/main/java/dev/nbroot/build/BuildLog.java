package dev.nbroot.build;

import dev.nbroot.report.Event;
import dev.nbroot.report.Events;
import dev.nbroot.report.Failure;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Writes everything that a build's commands print into a file, and turns the lines that show how far they are into
 * progress.
 */
public final class BuildLog implements Events, AutoCloseable {
    private final Path file;
    private final BufferedWriter writer;
    private final Events next;
    private CommandProgress progress = new CommandProgress("");
    private boolean broken;

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
            progress = new CommandProgress(started.step());
            write("== " + started.title());
        } else if (event instanceof Event.OutputLine output) {
            write(output.label() + ": " + output.line());
            progress.of(output.line()).ifPresent(next::on);
        } else if (event instanceof Event.Notice notice) {
            write(notice.text());
        }
        next.on(event);
    }

    /**
     * A command's output is read where this runs: a failure thrown here would leave the command waiting for a reader, up
     * to its deadline. So a log that cannot be written, as on a full disk, is told of once.
     */
    private void write(String line) {
        if (broken) {
            return;
        }
        try {
            writer.write(line);
            writer.newLine();
        } catch (IOException e) {
            lost(e);
        }
    }

    private void lost(IOException reason) {
        broken = true;
        next.on(new Event.Notice(
                Event.Level.WARNING, "the build log " + file + " is not complete: " + Failure.reason(reason)));
    }

    @Override
    public synchronized void close() {
        try {
            writer.close();
        } catch (IOException e) {
            if (!broken) {
                lost(e);
            }
        }
    }
}
