package dev.nbroot.release;

import java.util.Comparator;

/**
 * The order of kernel versions that Debian's own boot loaders and tools go by (linux-version(1)): numbers count as
 * numbers, and what goes on with {@code -rc3} or {@code -trunk} comes before the version without it.
 */
public final class KernelVersions implements Comparator<String> {
    /** Makes one; it has no state. */
    public KernelVersions() {
        // Nothing to know beforehand.
    }

    @Override
    public int compare(String one, String other) {
        String[] left = parts(one);
        String[] right = parts(other);
        for (int i = 0; i < Math.max(left.length, right.length); i++) {
            int order = comparePart(i < left.length ? left[i] : "", i < right.length ? right[i] : "");
            if (order != 0) {
                return order;
            }
        }
        return one.compareTo(other);
    }

    /** Numbers, and what is between them. */
    private static String[] parts(String version) {
        return version.split("(?<=\\d)(?=\\D)|(?<=\\D)(?=\\d)");
    }

    private static int comparePart(String one, String other) {
        if (isEarly(one) != isEarly(other)) {
            return isEarly(one) ? -1 : 1;
        }
        if (one.matches("\\d+") && other.matches("\\d+")) {
            String first = one.replaceFirst("^0+(?=\\d)", "");
            String second = other.replaceFirst("^0+(?=\\d)", "");
            return first.length() == second.length() ? first.compareTo(second) : first.length() - second.length();
        }
        return one.compareTo(other);
    }

    private static boolean isEarly(String part) {
        return part.startsWith("-rc") || part.startsWith("-trunk");
    }
}
