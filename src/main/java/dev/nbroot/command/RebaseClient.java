package dev.nbroot.command;

import dev.nbroot.client.RebasePlan;
import dev.nbroot.client.ViewChanges;
import dev.nbroot.report.Event;
import dev.nbroot.report.Events;
import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import dev.nbroot.state.ClientRecord;
import dev.nbroot.state.Generation;
import dev.nbroot.state.Generations;
import dev.nbroot.state.HeldGeneration;
import dev.nbroot.state.StateDirectory;
import dev.nbroot.state.StateFiles;
import dev.nbroot.system.Host;
import dev.nbroot.system.StateLock;
import dev.nbroot.system.tree.TreeChange;
import java.time.Duration;
import java.util.List;

/** {@code nbroot rebase}: moves a machine, with all that it has changed, to its root's current generation. */
public final class RebaseClient {
    private static final String STEP = "rebase";

    private final StateDirectory state;
    private final StateFiles files;
    private final Generations generations;
    private final Host host;
    private final ViewChanges changes;
    private final StageBootTree stage;
    private final Events events;

    /**
     * Rebases clients of one state directory.
     *
     * @param stage updates the boot tree afterwards: the machine needs the kernel of its generation
     */
    public RebaseClient(StateDirectory state, Host host, ViewChanges changes, StageBootTree stage, Events events) {
        this.state = state;
        this.files = new StateFiles(state);
        this.generations = new Generations(state);
        this.host = host;
        this.changes = changes;
        this.stage = stage;
        this.events = events;
    }

    /**
     * Rebases.
     *
     * @param mac any usual spelling
     * @throws Failure of kind {@code FAILED} when changes fight, with a line for each: then nothing has changed; {@code
     *     USAGE} when there is no such persistent client; {@code LOCKED} when the machine is on
     */
    public RebaseOutcome run(String mac) {
        ClientRecord client = KnownClient.persistent(files, mac);
        host.requireRoot("change a machine's view");
        StateLock lock = KnownClient.lock(state, client);
        try {
            Generation current = generations.require(client.root());
            RebaseOutcome outcome = current.number() == client.generation()
                    ? outcome(client, current, new RebasePlan(List.of(), List.of(), List.of()))
                    : HeldGeneration.during(state, current, () -> move(client, current));
            // Also when it was there already: the last time may have been killed before this.
            stage.restageBehind(client.hostname() + " is on " + current.label() + " now");
            return outcome;
        } finally {
            lock.close();
        }
    }

    private RebaseOutcome move(ClientRecord client, Generation to) {
        events.on(new Event.StepStarted(
                STEP,
                "Move " + client.hostname() + " from " + client.root() + "/" + client.generation() + " to "
                        + to.label()));
        long begin = System.nanoTime();
        changes.views().openOff(client).close();
        List<TreeChange> found = changes.of(client);
        RebasePlan plan = changes.rebase(client, to, found);
        if (!plan.fights().isEmpty()) {
            throw fight(client, to, plan.fights());
        }
        changes.carry(client, to, found, plan.carried());
        events.on(new Event.StepFinished(STEP, Duration.ofNanos(System.nanoTime() - begin), false));
        return outcome(client, to, plan);
    }

    private static Failure fight(ClientRecord client, Generation to, List<RebasePlan.Fight> fights) {
        String option = client.option();
        return Failure.of(
                        FailureKind.FAILED,
                        "what " + client.hostname() + " has changed fights with " + to.label() + " in " + fights.size()
                                + (fights.size() == 1 ? " place" : " places") + "; nothing was done",
                        "give up the machine's side: nbroot reset " + option + " PATH...; what it is: nbroot diff "
                                + option)
                .withDetails(fights.stream()
                        .map(fight -> fight.path().shown() + ": the machine: " + fight.machine() + "; " + to.label()
                                + ": " + fight.root())
                        .toList());
    }

    private static RebaseOutcome outcome(ClientRecord client, Generation to, RebasePlan plan) {
        return new RebaseOutcome(
                client.mac().colons(),
                client.hostname(),
                client.root(),
                client.generation(),
                to.number(),
                plan.carried().size(),
                plan.settled().size());
    }
}
