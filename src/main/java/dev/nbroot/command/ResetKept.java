package dev.nbroot.command;

import dev.nbroot.client.KeptContents;
import dev.nbroot.report.Event;
import dev.nbroot.report.Events;
import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import dev.nbroot.state.ClientRecord;
import dev.nbroot.state.Generation;
import dev.nbroot.state.Generations;
import dev.nbroot.state.KeptDirectories;
import dev.nbroot.state.KeptDirectory;
import dev.nbroot.state.StateDirectory;
import dev.nbroot.state.StateFiles;
import dev.nbroot.system.StateLock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * {@code nbroot reset} of a stateless client: what the server keeps for it is as in the generation again.
 *
 * @param changes finds out what is lost
 * @param contents does it, directory by directory, each in one step
 */
record ResetKept(StateDirectory state, KeptChanges changes, KeptContents contents, Events events) {
    private static final String STEP = "reset";

    /**
     * Resets.
     *
     * @param asked paths of directories that are kept; none means all
     * @throws Failure of kind {@code USAGE} when one is not kept; {@code LOCKED} when the machine is on
     */
    ResetOutcome run(ClientRecord client, List<Path> asked) {
        Generation generation = new Generations(state).bootedBy(client);
        List<Path> wanted = KeptDirectories.wantedBy(new StateFiles(state).manifest(generation));
        Deque<StateLock> locks = new ArrayDeque<>();
        locks.push(KnownClient.lock(state, client));
        try {
            List<KeptDirectory> others = new ArrayList<>(new KeptDirectories(state).all(client.mac()));
            List<KeptDirectory> chosen = asked.isEmpty()
                    ? List.copyOf(others)
                    : asked.stream().map(path -> find(path, others, client)).toList();
            others.removeAll(chosen);
            events.on(new Event.StepStarted(
                    STEP, "Take back what " + client.hostname() + " has written since " + generation.label()));
            long begin = System.nanoTime();
            chosen.forEach(kept -> locks.push(lockOff(kept, client)));
            List<DiffOutcome.FileChange> dropped = changes.of(chosen, generation);
            for (KeptDirectory kept : chosen) {
                if (wanted.contains(kept.path())) {
                    contents.renew(kept, generation);
                } else {
                    contents.remove(kept);
                }
            }
            int left = changes.of(others, generation).size();
            events.on(new Event.StepFinished(STEP, Duration.ofNanos(System.nanoTime() - begin), false));
            return new ResetOutcome(client.mac().colons(), client.hostname(), generation.label(), dropped, left);
        } finally {
            while (!locks.isEmpty()) {
                locks.pop().close();
            }
        }
    }

    private static KeptDirectory find(Path path, List<KeptDirectory> all, ClientRecord client) {
        return all.stream()
                .filter(kept -> kept.path().equals(path))
                .findFirst()
                .orElseThrow(() -> Failure.of(
                        FailureKind.USAGE,
                        "the server keeps no " + path + " for " + KnownClient.named(client),
                        "name one of these, which are reset as a whole: "
                                + String.join(
                                        ", ",
                                        all.stream()
                                                .map(kept -> kept.path().toString())
                                                .toList())));
    }

    private StateLock lockOff(KeptDirectory kept, ClientRecord client) {
        try {
            return StateLock.take(state.lock(kept.lock()), kept.path().toString());
        } catch (Failure failure) {
            if (failure.kind() != FailureKind.LOCKED) {
                throw failure;
            }
            throw Failure.of(
                    FailureKind.LOCKED,
                    KnownClient.named(client) + " is on, or was a moment ago: " + kept.path() + " is being served",
                    "switch it off; nbroot serve lets go of it about a minute after the machine has fallen silent",
                    failure);
        }
    }
}
