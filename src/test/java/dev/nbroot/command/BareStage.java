package dev.nbroot.command;

import dev.nbroot.client.RealContents;
import dev.nbroot.report.Events;
import dev.nbroot.stage.NoImages;
import dev.nbroot.stage.PxelinuxSource;
import dev.nbroot.state.StateDirectory;
import java.time.Clock;

/** Staging without images, and without a look at the kernels of machines. */
public final class BareStage {
    private BareStage() {}

    /** {@return it} */
    public static StageBootTree of(StateDirectory state, PxelinuxSource pxelinux, Events events, Clock clock) {
        return new StageBootTree(
                state,
                new StageBootTree.Sources(pxelinux, new NoImages(), RealContents.ground(), OwnKernels.none()),
                events,
                clock);
    }
}
