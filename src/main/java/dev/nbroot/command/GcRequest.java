package dev.nbroot.command;

import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import java.time.Duration;
import java.util.Locale;
import java.util.OptionalLong;

/**
 * What {@code gc} is asked for.
 *
 * @param dryRun say what would go, and touch nothing
 * @param keep how many of each root's newest generations stay in any case, 1 or more
 * @param cacheAge what the cache has not used for so long goes
 * @param cacheMost bytes that the cache may have
 */
public record GcRequest(boolean dryRun, int keep, Duration cacheAge, OptionalLong cacheMost) {
    private static final int STEP = 1000;

    /**
     * {@return the bytes that a text such as {@code 20G} means} Units are k, M, G and T, each a thousand times the one
     * before.
     *
     * @throws Failure of kind {@code USAGE} when it means nothing
     */
    public static long bytes(String text) {
        if (!text.matches("[0-9]{1,9}[kKMGT]?B?")) {
            throw Failure.of(
                    FailureKind.USAGE,
                    "'" + text + "' is not an amount of data",
                    "write a whole number and a unit, as in 500M, 20G");
        }
        long number = Long.parseLong(text.replaceAll("[^0-9]", ""));
        String unit = text.replaceAll("[0-9B]", "").toUpperCase(Locale.ROOT);
        int power = unit.isEmpty() ? 0 : "KMGT".indexOf(unit) + 1;
        for (int i = 0; i < power; i++) {
            number *= STEP;
        }
        return number;
    }
}
