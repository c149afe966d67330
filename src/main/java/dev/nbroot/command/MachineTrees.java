package dev.nbroot.command;

import dev.nbroot.report.Event;
import dev.nbroot.report.Events;
import java.util.HashSet;
import java.util.Set;

/** What the machines of one run of {@code stage} will mount on the server; a plan is prepared twice, and told of once. */
final class MachineTrees {
    private final MakeSharedTrees sharing;
    private final KeepDirectories keeping;
    private final Events events;
    private final Set<Event> told = new HashSet<>();

    MachineTrees(MakeSharedTrees sharing, KeepDirectories keeping, Events events) {
        this.sharing = sharing;
        this.keeping = keeping;
        this.events = events;
    }

    /** Makes it; what is there already stays. */
    void prepare(StagePlanning.Planned planned) {
        sharing.prepare(planned.current(), this::once);
        keeping.prepare(planned.clients(), this::once);
    }

    private void once(Event event) {
        if (told.add(event)) {
            events.on(event);
        }
    }

    /** Tells what {@link #prepare} would make. */
    void describe(StagePlanning.Planned planned) {
        planned.current().stream()
                .filter(sharing::isMissing)
                .forEach(staged ->
                        would("the shared tree of " + staged.generation().root() + " over "
                                + staged.generation().label()));
        planned.clients().stream()
                .flatMap(client -> keeping.missing(client).stream())
                .forEach(kept -> would(kept.directory().toString()));
    }

    private void would(String what) {
        events.on(new Event.Notice(Event.Level.INFO, "would make " + what));
    }
}
