package dev.nbroot.report;

/** Where a use case tells what happens while it works. Implementations must be safe for use by many threads. */
@FunctionalInterface
public interface Events {
    /** Takes one event. Must not throw and must not block for long: protocol servers call it too. */
    void on(Event event);

    /** {@return a listener that drops everything} */
    static Events none() {
        return event -> {};
    }
}
