package dev.nbroot.it;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;

/** How much of what takes long is tried: {@code -Dnbroot.kills=50} tries all of it, which takes half an hour. */
public final class Thorough {
    private static final int MANY = 50;

    private Thorough() {}

    /** {@return how many builds are killed at random} */
    public static int kills() {
        return Integer.getInteger("nbroot.kills", 3);
    }

    /** {@return whether everything is tried} */
    public static boolean all() {
        return kills() >= MANY;
    }

    /** Skips a test whose like is tried every time, unless everything is tried. */
    public static void only() {
        assumeTrue(all(), "it takes long, and is tried with -Dnbroot.kills=" + MANY);
    }

    /** {@return the first so many, or all of them} */
    public static <T> List<T> first(int count, List<T> cases) {
        return all() ? cases : cases.subList(0, count);
    }
}
