package dev.nbroot.cli;

import dev.nbroot.command.DerivedOutcome;
import dev.nbroot.command.UpkeepOutcome;
import java.nio.file.Path;
import java.util.Optional;

/** The outcome of work on a root as scripts see it. */
record UpkeepView(
        boolean changed,
        Optional<String> mac,
        Optional<String> name,
        Optional<Integer> parent,
        Optional<Integer> generation,
        Optional<Path> path,
        Optional<String> kernel,
        Optional<Integer> packages,
        Optional<Integer> changes,
        Optional<Double> seconds) {
    static UpkeepView of(UpkeepOutcome outcome) {
        Optional<DerivedOutcome> made = outcome.made();
        return new UpkeepView(
                made.isPresent(),
                outcome.mac(),
                made.map(DerivedOutcome::name),
                made.map(DerivedOutcome::parent),
                made.map(DerivedOutcome::generation),
                made.map(DerivedOutcome::path),
                made.map(DerivedOutcome::kernel),
                made.map(DerivedOutcome::packages),
                made.map(DerivedOutcome::changes),
                made.map(DerivedOutcome::seconds));
    }
}
