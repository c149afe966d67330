package dev.nbroot.build;

import dev.nbroot.report.Event;
import dev.nbroot.report.Events;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Tells how far a download is, by looking at the directory that it fills. */
final class DownloadProgress implements AutoCloseable {
    private static final long PERIOD_MILLIS = 500;

    private final String step;
    private final Path directory;
    private final int files;
    private final long total;
    private final Events events;
    private final long begin = System.nanoTime();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "download-progress");
        thread.setDaemon(true);
        return thread;
    });

    private DownloadProgress(String step, Path directory, int files, long total, Events events) {
        this.step = step;
        this.directory = directory;
        this.files = files;
        this.total = total;
        this.events = events;
    }

    static DownloadProgress of(String step, Path directory, List<Deb> debs, Events events) {
        return new DownloadProgress(
                step, directory, debs.size(), debs.stream().mapToLong(Deb::size).sum(), events);
    }

    void start() {
        timer.scheduleAtFixedRate(this::tell, PERIOD_MILLIS, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void tell() {
        long bytes = 0;
        int count = 0;
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            for (Path entry : entries) {
                bytes += size(entry);
                count++;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        events.on(new Event.Progress(
                step,
                "",
                Optional.of(Event.Bytes.of(bytes, total, bytes * 1_000_000_000L / Math.max(1, nanos()))),
                Optional.of(Event.Items.of("packages", count, files))));
    }

    private long nanos() {
        return System.nanoTime() - begin;
    }

    /** apt renames a file when it is whole. */
    private static long size(Path file) throws IOException {
        try {
            return Files.size(file);
        } catch (NoSuchFileException e) {
            return 0;
        }
    }

    /** Tells that all of it is there. */
    void done() {
        events.on(new Event.Downloaded(step, files, total, Duration.ofNanos(nanos())));
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
