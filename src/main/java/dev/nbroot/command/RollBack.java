package dev.nbroot.command;

import dev.nbroot.report.Event;
import dev.nbroot.report.Events;
import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import dev.nbroot.state.BegunRollback;
import dev.nbroot.state.ClientRecord;
import dev.nbroot.state.Generation;
import dev.nbroot.state.Generations;
import dev.nbroot.state.SharedTree;
import dev.nbroot.state.StateDirectory;
import dev.nbroot.state.StateFiles;
import dev.nbroot.system.StateLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * {@code nbroot rollback}: makes another generation of a root the current one. Machines that run keep what they have;
 * they get the other one when they boot next, except those whose own files lie over a generation.
 */
public final class RollBack {
    private final StateDirectory state;
    private final Generations generations;
    private final StateFiles files;
    private final StageBootTree stage;
    private final Events events;

    /**
     * Rolls back within one state directory.
     *
     * @param stage updates the boot tree afterwards
     */
    public RollBack(StateDirectory state, StageBootTree stage, Events events) {
        this.state = state;
        this.generations = new Generations(state);
        this.files = new StateFiles(state);
        this.stage = stage;
        this.events = events;
    }

    /**
     * Rolls back. To where it is already, nothing is changed, but the boot tree is brought up to date. Without a number it
     * goes back by one; when the last such rollback was killed or could not stage, it finishes that one instead.
     *
     * @throws Failure of kind {@code USAGE} when there is no such root or generation, or none before the current one;
     *     {@code INVALID_INPUT} when the generation is not whole; {@code LOCKED} when another nbroot is working on the
     *     root. What is current is not changed then. Of kind {@code FAILED} also when that is done, but the boot tree
     *     could not be staged
     */
    public RollbackOutcome run(RollbackRequest request) {
        String root = request.root();
        List<Generation> all = generations.all(root);
        if (all.isEmpty()) {
            generations.require(root);
        }
        StateLock lock = StateLock.take(state.lock("root-" + root), "root " + root);
        try {
            return request.generation().map(text -> to(named(root, text))).orElseGet(() -> back(root));
        } finally {
            lock.close();
        }
    }

    private RollbackOutcome to(Generation target) {
        requireWhole(target);
        Optional<Generation> before = before(target.root());
        if (!before.equals(Optional.of(target))) {
            generations.makeCurrent(target);
        }
        return finish(before, target);
    }

    private RollbackOutcome back(String root) {
        Generation current = generations.require(root);
        BegunRollback begun = new BegunRollback(state, root);
        Optional<Generation> cutOff = begun.from()
                .map(number -> state.generation(root, number))
                .filter(from -> previous(from).equals(Optional.of(current)));
        if (cutOff.isPresent()) {
            events.on(new Event.Notice(
                    Event.Level.WARNING,
                    "the last rollback, from " + cutOff.get().label() + " to " + current.label()
                            + ", did not come to its end: this one finishes it, and goes back no further"));
            return finish(cutOff, current);
        }
        Generation target = previous(current)
                .orElseThrow(() -> Failure.of(
                        FailureKind.USAGE,
                        "there is no generation before " + current.label() + ", which is current",
                        "the root has: " + numbers(generations.all(root))));
        requireWhole(target);
        begun.begin(current);
        generations.makeCurrent(target);
        return finish(Optional.of(current), target);
    }

    private RollbackOutcome finish(Optional<Generation> before, Generation target) {
        Optional<StageOutcome> staged = restage(target);
        if (staged.isEmpty() || staged.get().names(target) || isLeftOut(target)) {
            new BegunRollback(state, target.root()).forget();
        }
        return new RollbackOutcome(
                target.root(),
                before.map(Generation::number),
                target.number(),
                target.tree(),
                staged.map(StageOutcome::tftp),
                clients(target.root()));
    }

    /** A link that points nowhere is no reason not to point it to where the user says. */
    private Optional<Generation> before(String root) {
        try {
            return generations.current(root);
        } catch (Failure damaged) {
            if (damaged.kind() == FailureKind.FAILED) {
                return Optional.empty();
            }
            throw damaged;
        }
    }

    private Generation named(String root, String text) {
        List<Generation> all = generations.all(root);
        return all.stream()
                .filter(generation -> Integer.toString(generation.number()).equals(text))
                .findFirst()
                .orElseThrow(() -> Failure.of(
                        FailureKind.USAGE,
                        "the root " + root + " has no generation '" + text + "'",
                        "it has: " + numbers(all)));
    }

    private Optional<Generation> previous(Generation generation) {
        return generations.all(generation.root()).stream()
                .filter(other -> other.number() < generation.number())
                .reduce((older, newer) -> newer);
    }

    private static String numbers(List<Generation> all) {
        return all.stream()
                .map(generation -> Integer.toString(generation.number()))
                .collect(Collectors.joining(", "));
    }

    private static void requireWhole(Generation generation) {
        for (Path part : List.of(generation.tree(), generation.kernel(), generation.initrd(), generation.manifest())) {
            boolean there = part.equals(generation.tree()) ? Files.isDirectory(part) : Files.isRegularFile(part);
            if (!there) {
                throw Failure.of(
                        FailureKind.INVALID_INPUT,
                        generation.label() + " is not whole: there is no " + part,
                        "choose another generation: nbroot roots");
            }
        }
    }

    private Optional<StageOutcome> restage(Generation target) {
        Optional<StageOutcome> staged = stage.restageBehind(target.label() + " is current");
        staged.filter(outcome -> !outcome.names(target))
                .ifPresent(outcome -> events.on(new Event.Notice(
                        Event.Level.WARNING,
                        "the boot tree " + outcome.tftp() + " names " + target.label() + " for no machine: "
                                + reason(target))));
        return staged;
    }

    private String reason(Generation target) {
        return files.client(SharedTree.card(target.root()))
                .map(tree -> "its shared tree stays on " + tree.root() + "/" + tree.generation()
                        + "; to move it: nbroot rebase --shared " + tree.root())
                .orElse(
                        isLeftOut(target)
                                ? "the root is not among the staged ones"
                                : "it could not be staged; when that is mended, roll back once more");
    }

    /** {@return whether the boot tree is not meant to have the generation} */
    private boolean isLeftOut(Generation target) {
        boolean elsewhere = files.stageSettings()
                .filter(settings ->
                        !settings.roots().isEmpty() && !settings.roots().contains(target.root()))
                .isPresent();
        return elsewhere || files.client(SharedTree.card(target.root())).isPresent();
    }

    private List<RollbackOutcome.NextBoot> clients(String root) {
        return ClientList.readable(files, events).stream()
                .filter(client -> client.root().equals(root))
                .map(this::nextBoot)
                .toList();
    }

    private RollbackOutcome.NextBoot nextBoot(ClientRecord client) {
        return new RollbackOutcome.NextBoot(
                client.mac().colons(),
                client.hostname(),
                client.mode().word(),
                generations.bootedBy(client).number(),
                !client.mode().hasView());
    }
}
