package dev.nbroot.build;

import dev.nbroot.report.Event;
import dev.nbroot.report.Events;
import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import dev.nbroot.state.Manifest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/** Runs the steps of a build, tells when each begins and ends, and remembers how long it took. */
final class StepClock {
    private final Events events;
    private final List<Manifest.Step> done = new ArrayList<>();

    StepClock(Events events) {
        this.events = events;
    }

    /** {@return what was done, in order} */
    List<Manifest.Step> done() {
        return List.copyOf(done);
    }

    void tell(Event event) {
        events.on(event);
    }

    /** Takes an earlier result of the step if there is one, or else does its work. */
    void perform(BuildStep step, BuildSite site) {
        timed(step.id(), step.title(), () -> {
            boolean reused = step.reuse(site);
            if (!reused) {
                step.perform(site);
            }
            return reused;
        });
    }

    void run(Phase phase, Runnable work) {
        run(phase.id(), phase.title(), work);
    }

    void run(String id, String title, Runnable work) {
        timed(id, title, () -> {
            work.run();
            return false;
        });
    }

    /** Tells of a step whose result is in a cached layer. */
    void cached(BuildStep step) {
        timed(step.id(), step.title(), () -> true);
    }

    private void timed(String id, String title, BooleanSupplier work) {
        if (Thread.currentThread().isInterrupted()) {
            throw Failure.of(FailureKind.INTERRUPTED, "interrupted before: " + title, "");
        }
        events.on(new Event.StepStarted(id, title));
        long begin = System.nanoTime();
        boolean cached = work.getAsBoolean();
        Duration took = Duration.ofNanos(System.nanoTime() - begin);
        events.on(new Event.StepFinished(id, took, cached));
        done.add(new Manifest.Step(id, took.toMillis() / 1000.0, cached));
    }
}
