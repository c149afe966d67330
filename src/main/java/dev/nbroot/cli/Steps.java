package dev.nbroot.cli;

import dev.nbroot.report.Event;
import dev.nbroot.report.Failure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What a command has done so far, as a table for people and as the place of a failure. */
final class Steps {
    private final Map<String, Row> rows = new LinkedHashMap<>();
    private long beganNanos;
    private Optional<Event.Downloaded> downloads = Optional.empty();

    private record Row(String step, String title, String how, Duration took, long beganNanos) {
        String line() {
            return Steps.line(took, how, title);
        }
    }

    synchronized void on(Event event) {
        if (event instanceof Event.StepStarted started) {
            long now = System.nanoTime();
            beganNanos = rows.isEmpty() ? now : beganNanos;
            rows.put(started.step(), new Row(started.step(), started.title(), "", Duration.ZERO, now));
        } else if (event instanceof Event.StepFinished finished) {
            Row begun = rows.get(finished.step());
            String title = begun == null ? finished.step() : begun.title();
            String how = finished.cached() ? "cached" : "ran";
            rows.put(finished.step(), new Row(finished.step(), title, how, finished.took(), 0));
        } else if (event instanceof Event.Downloaded downloaded) {
            downloads = downloads
                    .map(before -> new Event.Downloaded(
                            "",
                            before.files() + downloaded.files(),
                            before.bytes() + downloaded.bytes(),
                            before.took().plus(downloaded.took())))
                    .or(() -> Optional.of(downloaded));
        }
    }

    /** {@return the failure, with the step that has not ended as its place} */
    synchronized Failure blamed(Failure failure) {
        return unfinished()
                .map(row -> failure.inStep(new Failure.Step(row.step(), row.title())))
                .orElse(failure);
    }

    private Optional<Row> unfinished() {
        return rows.values().stream().filter(row -> row.how().isEmpty()).reduce((first, second) -> second);
    }

    /** {@return the line of a step that has ended} */
    synchronized String line(Event.StepFinished finished) {
        return rows.get(finished.step()).line();
    }

    /** {@return a line for each step that has ended} */
    synchronized List<String> finished() {
        return rows.values().stream()
                .filter(row -> !row.how().isEmpty())
                .map(Row::line)
                .toList();
    }

    /** {@return the lines below the table: what did not end well, and, of more steps than one, the sums} */
    synchronized List<String> summary() {
        List<String> lines = new ArrayList<>();
        unfinished().ifPresent(row -> lines.add(line(since(row.beganNanos()), "failed", row.title())));
        if (rows.size() > 1) {
            lines.add(line(since(beganNanos), "total", sums()));
        }
        return lines;
    }

    private String sums() {
        long cached =
                rows.values().stream().filter(row -> row.how().equals("cached")).count();
        return rows.size() + " steps, " + cached + " cached"
                + downloads.map(Steps::fetched).orElse("");
    }

    private static String fetched(Event.Downloaded all) {
        return all.files() == 0
                ? "; nothing fetched"
                : String.format(
                        Locale.ROOT,
                        "; fetched %d files, %s in %s",
                        all.files(),
                        Amounts.bytes(all.bytes()),
                        seconds(all.took()));
    }

    private static Duration since(long nanos) {
        return Duration.ofNanos(System.nanoTime() - nanos);
    }

    private static String line(Duration took, String how, String title) {
        return String.format(Locale.ROOT, "%9s  %-6s  %s", seconds(took), how, title);
    }

    static String seconds(Duration took) {
        return String.format(Locale.ROOT, "%.1f s", took.toMillis() / 1000.0);
    }
}
