package dev.nbroot.profile;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** The known word that a misspelt one was meant to be. */
public final class Nearest {
    private Nearest() {}

    /** {@return the word with the fewest typing slips between, if few enough to be believed} */
    public static Optional<String> to(String word, Collection<String> known) {
        String wanted = plain(word);
        int limit = Math.max(1, wanted.length() / 3);
        return known.stream()
                .filter(candidate -> distance(wanted, plain(candidate)) <= limit)
                .min(Comparator.comparingInt((String candidate) -> distance(wanted, plain(candidate)))
                        .thenComparing(Comparator.naturalOrder()));
    }

    /** {@return the hint for a wrong word} */
    public static String hint(String word, Collection<String> known) {
        return to(word, known)
                .map(near -> "did you mean \"" + near + "\"?")
                .orElseGet(() -> "known are: " + String.join(", ", known));
    }

    private static String plain(String word) {
        return word.toLowerCase(Locale.ROOT).replace('-', '_');
    }

    /** Optimal string alignment: insertions, deletions, replacements, and swaps of neighbours. */
    private static int distance(String a, String b) {
        int[][] d = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    d[i][j] = i + j;
                    continue;
                }
                int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                d[i][j] = Math.min(Math.min(d[i - 1][j], d[i][j - 1]) + 1, d[i - 1][j - 1] + change);
                boolean swapped =
                        i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
                if (swapped) {
                    d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
                }
            }
        }
        return d[a.length()][b.length()];
    }
}
