package dev.nbroot.command;

import dev.nbroot.client.NewSharedTree;
import dev.nbroot.serve.Rehearsed;
import dev.nbroot.stage.StagedGeneration;
import dev.nbroot.state.ClientRecord;
import dev.nbroot.state.Generation;
import dev.nbroot.state.KeptDirectories;
import dev.nbroot.state.Manifest;
import dev.nbroot.state.SharedTree;
import dev.nbroot.state.StateDirectory;
import dev.nbroot.state.StateFiles;
import java.util.List;
import java.util.Optional;

/** Tells what {@code stage} would make on the server for a machine, and has not made yet. */
record MissingTrees(StateDirectory state, NewSharedTree shared) {
    /**
     * {@return that}
     *
     * @param generation what the machine boots
     * @param client whose machine it is; absent for one that nobody knows
     */
    Rehearsed of(Generation generation, Optional<ClientRecord> client) {
        StateFiles files = new StateFiles(state);
        Manifest manifest = files.manifest(generation);
        if (client.isPresent()) {
            return new Rehearsed(List.of(), new KeptDirectories(state).missing(client.get(), manifest));
        }
        boolean missing = StagedGeneration.of(generation, manifest).isShared()
                && files.client(SharedTree.card(generation.root())).isEmpty();
        return missing ? new Rehearsed(List.of(shared.planned(generation)), List.of()) : Rehearsed.NOTHING;
    }
}
