package dev.nbroot.command;

import dev.nbroot.client.NewSharedTree;
import dev.nbroot.report.Event;
import dev.nbroot.report.Events;
import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import dev.nbroot.stage.StagedGeneration;
import dev.nbroot.state.HeldGeneration;
import dev.nbroot.state.SharedTree;
import dev.nbroot.state.StateDirectory;
import dev.nbroot.state.StateFiles;
import dev.nbroot.system.MacAddress;
import dev.nbroot.system.StateLock;
import java.time.Duration;
import java.util.List;

/** Makes the shared trees of roots that have none yet, before machines are told to mount them. */
record MakeSharedTrees(StateDirectory state, NewSharedTree trees) {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    /** A root for which that does not work is told, and keeps no other from booting. */
    void prepare(List<StagedGeneration> staged, Events events) {
        for (StagedGeneration one : staged) {
            String root = one.generation().root();
            if (isMissing(one)) {
                try {
                    make(one, SharedTree.card(root));
                } catch (Failure failure) {
                    if (failure.kind() == FailureKind.INTERRUPTED) {
                        throw failure;
                    }
                    events.on(new Event.Notice(
                            Event.Level.WARNING,
                            "the shared tree of " + root + " cannot be made, so no machine can boot it: "
                                    + failure.getMessage() + "; when that is mended, run nbroot stage again"));
                }
            }
        }
    }

    /** {@return whether {@link #prepare} would make a tree} */
    boolean isMissing(StagedGeneration staged) {
        return staged.isShared()
                && new StateFiles(state)
                        .client(SharedTree.card(staged.generation().root()))
                        .isEmpty();
    }

    private void make(StagedGeneration staged, MacAddress card) {
        String root = staged.generation().root();
        StateLock lock = StateLock.await(state.lock("client-" + card), "the shared tree of " + root, PATIENCE);
        try {
            if (new StateFiles(state).client(card).isEmpty()) {
                HeldGeneration.during(state, staged.generation(), () -> {
                    trees.over(staged.generation());
                    return card;
                });
            }
        } finally {
            lock.close();
        }
    }
}
