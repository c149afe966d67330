package dev.nbroot.command;

import dev.nbroot.build.DerivedRoot;
import dev.nbroot.build.RootWork;
import dev.nbroot.client.HostKey;
import dev.nbroot.client.ViewChanges;
import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import dev.nbroot.state.ClientRecord;
import dev.nbroot.state.Generation;
import dev.nbroot.state.Generations;
import dev.nbroot.state.Manifest;
import dev.nbroot.state.StateDirectory;
import dev.nbroot.state.StateFiles;
import dev.nbroot.system.StateLock;
import java.util.List;
import java.util.Optional;

/** {@code nbroot commit}: what a machine has changed becomes the next generation of its root. */
public final class CommitClient {
    private final StateDirectory state;
    private final StateFiles files;
    private final Generations generations;
    private final DeriveGeneration derive;
    private final ViewChanges changes;

    /** Commits clients of one state directory. */
    public CommitClient(StateDirectory state, DeriveGeneration derive, ViewChanges changes) {
        this.state = state;
        this.files = new StateFiles(state);
        this.generations = new Generations(state);
        this.derive = derive;
        this.changes = changes;
    }

    /**
     * Commits. First the generation appears, then the machine moves to it with an empty view: when this is killed in
     * between, the machine still has its own view, and {@code rebase} moves it.
     *
     * @param mac any usual spelling
     * @throws Failure of kind {@code USAGE} when there is no such persistent client, or when its root has a newer
     *     generation than the one below its view; {@code LOCKED} when the machine is on
     */
    public UpkeepOutcome run(String mac) {
        ClientRecord client = KnownClient.persistent(files, mac);
        StateLock lock = derive.lock(client.root());
        try {
            StateLock own = KnownClient.lock(state, client);
            try {
                return commit(client);
            } finally {
                own.close();
            }
        } finally {
            lock.close();
        }
    }

    private UpkeepOutcome commit(ClientRecord client) {
        Generation below = state.generation(client.root(), client.generation());
        requireCurrent(client, below);
        DerivedRoot.Parent parent = derive.parent(below);
        List<HostKey> keys = changes.hostKeys(client);
        if (changes.of(client).isEmpty()) {
            derive.leave(below);
            return outcome(client, Optional.empty());
        }
        Manifest.Origin origin = new Manifest.Origin("commit", below.label(), KnownClient.named(client));
        return outcome(
                client,
                changes.views()
                        .whereMounted(
                                client,
                                view -> derive.run(
                                        parent,
                                        new RootWork.Promote(view, below.tree(), client.machineId()),
                                        origin,
                                        next -> changes.empty(client, next, keys))));
    }

    private void requireCurrent(ClientRecord client, Generation below) {
        Generation current = generations.require(client.root());
        if (!current.equals(below)) {
            throw Failure.of(
                    FailureKind.USAGE,
                    KnownClient.named(client) + " works on " + below.label() + ", but " + current.label()
                            + " is current, and would be lost",
                    "first: nbroot rebase " + client.option());
        }
    }

    private static UpkeepOutcome outcome(ClientRecord client, Optional<DerivedOutcome> made) {
        return new UpkeepOutcome(
                made,
                Optional.of(client.mac().colons()),
                made.map(one -> one.path().toString())
                        .orElse(client.hostname()
                                + " has changed nothing but what is its own: no generation was made"));
    }
}
