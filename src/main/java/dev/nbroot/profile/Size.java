package dev.nbroot.profile;

import java.util.Arrays;

/**
 * A part of the machine's memory, or a size, as in {@code 50%}, {@code 512M} or {@code 2G}.
 *
 * @param amount from 1 on
 * @param unit what the amount counts
 */
public record Size(long amount, Unit unit) {
    /** What a size counts. */
    public enum Unit {
        /** Hundredths of the machine's memory. */
        PERCENT("%"),
        /** Mebibytes. */
        MIB("M"),
        /** Gibibytes. */
        GIB("G");

        private final String word;

        Unit(String word) {
            this.word = word;
        }

        /** {@return the letter used in a profile} */
        public String word() {
            return word;
        }
    }

    /** {@return the size that a text of digits and a unit says; its shape was judged before} */
    static Size parse(String text) {
        Unit unit = Arrays.stream(Unit.values())
                .filter(one -> text.endsWith(one.word()))
                .findFirst()
                .orElseThrow();
        return new Size(Long.parseLong(text.substring(0, text.length() - 1)), unit);
    }

    /** {@return as in a profile, which is what mount(8) and truncate(1) take too} */
    @Override
    public String toString() {
        return amount + unit.word();
    }
}
