package dev.nbroot.build;

import java.math.BigInteger;

/**
 * A package's version in the order of deb-version(7): epoch, upstream version, revision, each compared by turns as text,
 * in which {@code ~} comes before everything and letters before other characters, and as numbers.
 *
 * @param text {@code [EPOCH:]UPSTREAM[-REVISION]}
 */
public record DebianVersion(String text) implements Comparable<DebianVersion> {

    @Override
    public int compareTo(DebianVersion other) {
        int order = compare(epoch(), other.epoch());
        if (order == 0) {
            order = compare(upstream(), other.upstream());
        }
        return order == 0 ? compare(revision(), other.revision()) : order;
    }

    private String epoch() {
        int colon = text.indexOf(':');
        return colon < 0 ? "0" : text.substring(0, colon);
    }

    private String withoutEpoch() {
        return text.substring(text.indexOf(':') + 1);
    }

    private String upstream() {
        String rest = withoutEpoch();
        int dash = rest.lastIndexOf('-');
        return dash < 0 ? rest : rest.substring(0, dash);
    }

    private String revision() {
        String rest = withoutEpoch();
        int dash = rest.lastIndexOf('-');
        return dash < 0 ? "0" : rest.substring(dash + 1);
    }

    private static int compare(String a, String b) {
        int i = 0;
        int j = 0;
        while (i < a.length() || j < b.length()) {
            while (isText(a, i) || isText(b, j)) {
                int order = weight(a, i) - weight(b, j);
                if (order != 0) {
                    return order;
                }
                i++;
                j++;
            }
            int endA = endOfNumber(a, i);
            int endB = endOfNumber(b, j);
            int order = number(a, i, endA).compareTo(number(b, j, endB));
            if (order != 0) {
                return order;
            }
            i = endA;
            j = endB;
        }
        return 0;
    }

    private static boolean isText(String text, int at) {
        return at < text.length() && !isDigit(text.charAt(at));
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    /** A number, or the end, weighs nothing: only a tilde comes before it. */
    private static int weight(String text, int at) {
        if (!isText(text, at)) {
            return 0;
        }
        char c = text.charAt(at);
        return c == '~' ? -1 : Character.isLetter(c) ? c : c + 0x10000;
    }

    private static int endOfNumber(String text, int from) {
        int end = from;
        while (end < text.length() && isDigit(text.charAt(end))) {
            end++;
        }
        return end;
    }

    private static BigInteger number(String text, int from, int to) {
        return from == to ? BigInteger.ZERO : new BigInteger(text.substring(from, to));
    }
}
