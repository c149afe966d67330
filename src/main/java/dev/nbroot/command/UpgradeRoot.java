package dev.nbroot.command;

import dev.nbroot.build.RootWork;
import dev.nbroot.report.Failure;
import dev.nbroot.state.Generation;
import dev.nbroot.state.Generations;
import dev.nbroot.state.Manifest;
import dev.nbroot.state.StateDirectory;
import dev.nbroot.system.StateLock;
import java.util.Optional;

/** {@code nbroot upgrade}: the next generation of a root is its current one with the packages of today. */
public final class UpgradeRoot {
    private final Generations generations;
    private final DeriveGeneration derive;

    /** Upgrades roots of one state directory. */
    public UpgradeRoot(StateDirectory state, DeriveGeneration derive) {
        this.generations = new Generations(state);
        this.derive = derive;
    }

    /**
     * Upgrades.
     *
     * @throws Failure of kind {@code USAGE} when there is no such root; {@code COMMAND} when apt fails: then no
     *     generation is made
     */
    public UpkeepOutcome run(String root) {
        generations.require(root);
        StateLock lock = derive.lock(root);
        try {
            Generation current = generations.require(root);
            Optional<DerivedOutcome> made = derive.run(
                    derive.parent(current),
                    new RootWork.Upgrade(),
                    new Manifest.Origin("upgrade", current.label(), ""),
                    generation -> {});
            return new UpkeepOutcome(
                    made,
                    Optional.empty(),
                    made.map(one -> one.path().toString())
                            .orElse("nothing to upgrade: " + current.label() + " stays current"));
        } finally {
            lock.close();
        }
    }
}
