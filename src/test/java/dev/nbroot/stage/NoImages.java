package dev.nbroot.stage;

import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import dev.nbroot.state.Generation;

/** For tests in which no machine holds its root in memory. */
public final class NoImages implements ImageSource {
    @Override
    public BootImage get(Generation generation) {
        throw Failure.of(FailureKind.HOST, "no image was expected of " + generation.label(), "");
    }

    @Override
    public BootImage planned(Generation generation) {
        return get(generation);
    }
}
