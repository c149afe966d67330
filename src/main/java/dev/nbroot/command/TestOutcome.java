package dev.nbroot.command;

import java.util.List;

/**
 * A boot that came up.
 *
 * @param ok true: a boot that does not come up is a failure
 * @param mac the machine's card, with colons
 * @param evidence how we know
 * @param screen the last lines on its serial line
 * @param seconds from power-on to the login
 * @param stages the way there
 */
public record TestOutcome(
        boolean ok, String mac, String evidence, List<String> screen, double seconds, List<Stage> stages) {
    /**
     * One stage.
     *
     * @param seconds since power-on
     */
    public record Stage(String name, double seconds) {}

    /** Copies the lists. */
    public TestOutcome {
        screen = List.copyOf(screen);
        stages = List.copyOf(stages);
    }
}
