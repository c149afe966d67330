package dev.nbroot.command;

import dev.nbroot.build.DerivedRoot;
import dev.nbroot.state.Generation;
import java.nio.file.Path;

/**
 * A generation that was made out of another one.
 *
 * @param name the root
 * @param parent the number of the generation that it was made of
 * @param generation its own number
 * @param path its tree
 * @param kernel the kernel's version
 * @param packages how many packages it has
 * @param changes in how many names it differs from its parent
 * @param seconds wall-clock time, without staging
 */
public record DerivedOutcome(
        String name, int parent, int generation, Path path, String kernel, int packages, int changes, double seconds) {
    static DerivedOutcome of(Generation parent, Generation next, DerivedRoot.Result result, long begin) {
        return new DerivedOutcome(
                next.root(),
                parent.number(),
                next.number(),
                next.tree(),
                result.kernel(),
                result.packages().size(),
                result.changes().size(),
                (System.nanoTime() - begin) / 1_000_000 / 1000.0);
    }
}
