package dev.nbroot.build;

import dev.nbroot.report.Events;
import dev.nbroot.state.StateDirectory;
import dev.nbroot.system.Commands;
import dev.nbroot.system.Namespaces;
import java.nio.file.Path;
import java.util.List;

/** Chooses the packages of a plan, and builds nothing. */
public final class LockMaker {
    private final StateDirectory state;
    private final Namespaces namespaces;
    private final Commands commands;
    private final Events events;

    /**
     * Makes one.
     *
     * @param commands must tell its output to {@code events}
     */
    public LockMaker(StateDirectory state, Namespaces namespaces, Commands commands, Events events) {
        this.state = state;
        this.namespaces = namespaces;
        this.commands = commands;
        this.events = events;
    }

    /**
     * {@return what the archives have today}
     *
     * @param profile SHA-256 over the profile and its includes
     * @param work an empty directory
     */
    public LockFile make(BuildPlan plan, String profile, Path work) {
        StepClock clock = new StepClock(events);
        Findings findings = new Findings(false);
        for (String name : List.of("archives", "lists")) {
            WorkDirectory.directory(work.resolve(name));
        }
        try (Namespaces.Namespace namespace = namespaces.open()) {
            BuildSite site =
                    new BuildSite(work, work.resolve("tree"), namespace, state.cache(), findings, commands, events);
            plan.choice().forEach(step -> clock.perform(step, site));
        }
        return new LockFile(profile, plan.wanted(), findings.selection());
    }
}
