package dev.nbroot.cli;

import dev.nbroot.report.Event;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Numbers for people: {@code 34 of 180 MB, 12.3 MB/s, 41 of 160 packages}. */
final class Amounts {
    private static final String[] UNITS = {"B", "kB", "MB", "GB", "TB"};
    private static final int STEP = 1000;
    private static final int FEW = 10;
    private static final int MANY = 100;

    private Amounts() {}

    /** {@return where a step is, the numbers before the text: a narrow line loses its end} */
    static String of(Event.Progress progress) {
        return Stream.of(
                        progress.bytes().map(Amounts::amount),
                        progress.bytes().flatMap(Event.Bytes::perSecond).map(rate -> scaled(rate, MANY) + "/s"),
                        progress.items().map(Amounts::number),
                        Optional.of(progress.text()))
                .flatMap(Optional::stream)
                .filter(text -> !text.isEmpty())
                .collect(Collectors.joining(", "));
    }

    private static String amount(Event.Bytes bytes) {
        if (bytes.total().isEmpty()) {
            return bytes(bytes.done());
        }
        long total = bytes.total().get();
        int unit = unit(total);
        String all = bytes(total);
        boolean whole = !all.contains(".");
        String done = String.format(Locale.ROOT, whole ? "%.0f" : "%.1f", bytes.done() / Math.pow(STEP, unit));
        return done + " of " + all;
    }

    private static String number(Event.Items items) {
        return items.done() + items.total().map(total -> " of " + total).orElse("") + " " + items.what();
    }

    /** {@return an amount of data, as in {@code 1.2 MB} or {@code 34 MB}} */
    static String bytes(long bytes) {
        return scaled(bytes, FEW);
    }

    private static String scaled(long bytes, int whole) {
        int unit = unit(bytes);
        double value = bytes / Math.pow(STEP, unit);
        boolean plain = unit == 0 || Math.abs(value) >= whole;
        return String.format(Locale.ROOT, plain ? "%.0f %s" : "%.1f %s", value, UNITS[unit]);
    }

    private static int unit(long bytes) {
        int unit = 0;
        // From 999.5 on it would be rounded up to 1000.
        for (double value = Math.abs((double) bytes); value >= STEP - 0.5 && unit < UNITS.length - 1; value /= STEP) {
            unit++;
        }
        return unit;
    }
}
