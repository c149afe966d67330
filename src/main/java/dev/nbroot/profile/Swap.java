package dev.nbroot.profile;

import java.util.Optional;

/**
 * Where memory goes that is not used for a while. A diskless machine has no disk for it, and swapping over NFS would need
 * memory to free memory; zram compresses it instead.
 *
 * <pre>{@code
 * swap: {zram: 50%}      # of the machine's memory; or a size, as in 2G or 512M
 * }</pre>
 *
 * @param zram how large the compressed device looks; absent means none
 */
public record Swap(Optional<Size> zram) {

    /**
     * A part of the machine's memory, or a size.
     *
     * @param amount 1 to 200 percent, or 1 to 999999 MiB or GiB
     * @param unit what the amount counts
     */
    public record Size(long amount, Unit unit) {
        /** {@return as in a profile} */
        @Override
        public String toString() {
            return amount + unit.word();
        }
    }

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
}
