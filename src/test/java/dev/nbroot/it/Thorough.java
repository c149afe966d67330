package dev.nbroot.it;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;

/**
 * How much of what takes long is tried: {@code -Dnbroot.thorough=true} tries all of it. {@code -Dnbroot.kills=N} alone sets
 * how many builds are killed at random, and other properties, named where they are used, set other amounts.
 */
public final class Thorough {
    private static final int FEW = 3;
    private static final int MANY = 50;

    private Thorough() {}

    /** {@return how many builds are killed at random} */
    public static int kills() {
        return Integer.getInteger("nbroot.kills", all() ? MANY : FEW);
    }

    /** {@return how much of something is tried: what a property asks for, else much or little} */
    public static int amount(String property, int little, int much) {
        return Integer.getInteger(property, all() ? much : little);
    }

    /** {@return where chance begins: at what a property says; else anywhere when everything is tried, or always the same} */
    public static long seed(String property) {
        return Long.getLong(property, all() ? System.nanoTime() : 1813);
    }

    /** {@return whether everything is tried} */
    public static boolean all() {
        return Boolean.getBoolean("nbroot.thorough");
    }

    /** Skips a test whose like is tried every time, unless everything is tried. */
    public static void only() {
        assumeTrue(all(), "it takes long, and is tried with -Dnbroot.thorough=true");
    }

    /** {@return the first so many, or all of them} */
    public static <T> List<T> first(int count, List<T> cases) {
        return all() ? cases : cases.subList(0, count);
    }
}
