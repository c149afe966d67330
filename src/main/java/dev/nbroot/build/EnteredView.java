package dev.nbroot.build;

import dev.nbroot.report.Event;
import dev.nbroot.report.Events;
import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import dev.nbroot.system.Commands;
import dev.nbroot.system.Invocation;
import dev.nbroot.system.Namespaces;
import dev.nbroot.system.OverlayMount;
import java.nio.file.Path;

/** Lets a person work in a machine's own view, as if on the machine itself, while that is off. */
public final class EnteredView {
    private final Namespaces namespaces;
    private final Commands commands;
    private final Events events;

    /** Makes one. */
    public EnteredView(Namespaces namespaces, Commands commands, Events events) {
        this.namespaces = namespaces;
        this.commands = commands;
        this.events = events;
    }

    /**
     * Runs a command, or a shell.
     *
     * @param view the machine's; the kernel lets nobody else open it until this returns
     * @param hostname the machine's name
     * @param parent the generation below
     * @param scratch an empty directory
     * @throws Failure of kind {@code COMMAND} when the command does not end well; what it did stays all the same
     */
    public void run(
            OverlayMount view, String hostname, DerivedRoot.Parent parent, RootWork.Attended work, Path scratch) {
        WorkDirectory.directory(scratch.resolve("tree"));
        try (Namespaces.Namespace namespace = namespaces.open()) {
            BuildSite site = new BuildSite(
                    scratch, scratch.resolve("tree"), namespace, scratch, new Findings(true), commands, events);
            site.run(view.mounting(site.tree()));
            site.script("mount-early.sh", site.tree().toString());
            site.script("mount-view.sh", site.tree().toString(), scratch.toString(), hostname);
            OpenRoot.connect(site, new ProfileFacts(parent.manifest().profile()).settings(parent.apt()));
            int status = work.onMachine(site);
            for (String command : site.endProcesses()) {
                events.on(new Event.Notice(Event.Level.WARNING, "it has left this running: " + command));
            }
            site.run(Invocation.of("sync", "--file-system", site.tree().toString()));
            if (status != 0) {
                throw Failure.of(
                        FailureKind.COMMAND,
                        (work.argv().isEmpty() ? "the shell" : work.argv().get(0)) + " ended with exit status " + status
                                + "; what was done in the view of " + hostname + " stays",
                        "");
            }
        }
    }
}
