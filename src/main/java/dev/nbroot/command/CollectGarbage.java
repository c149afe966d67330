package dev.nbroot.command;

import dev.nbroot.build.CachePruning;
import dev.nbroot.build.WorkDirectory;
import dev.nbroot.report.Event;
import dev.nbroot.report.Events;
import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import dev.nbroot.state.Generation;
import dev.nbroot.state.GenerationRemoval;
import dev.nbroot.state.Generations;
import dev.nbroot.state.StateDirectory;
import dev.nbroot.state.TemporaryDirectory;
import dev.nbroot.system.StateLock;
import dev.nbroot.system.TreeRemoval;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToLongFunction;

/**
 * {@code nbroot gc}: drops the generations that nothing needs, and what the cache has not used for long. Beside builds,
 * stages, clones and serves it does no harm: a root that is being worked on is left for the next time, and whoever comes to
 * need a generation says so before he looks whether it is there, while this one takes it away before it looks who needs it.
 */
public final class CollectGarbage {
    private static final String STEP = "gc";

    private final StateDirectory state;
    private final ToLongFunction<Path> sizes;
    private final Events events;
    private final Clock clock;
    private final Generations generations;
    private final GenerationRemoval removal;

    /**
     * Collects in one state directory.
     *
     * @param sizes tells how many bytes of disk a tree takes
     */
    public CollectGarbage(StateDirectory state, ToLongFunction<Path> sizes, Events events, Clock clock) {
        this.state = state;
        this.sizes = sizes;
        this.events = events;
        this.clock = clock;
        this.generations = new Generations(state);
        this.removal = new GenerationRemoval(state);
    }

    /** What one run has found so far. */
    private record Found(List<GcOutcome.Dropped> dropped, List<GcOutcome.Kept> kept, List<GcOutcome.Skipped> skipped) {}

    /**
     * Collects.
     *
     * @throws Failure of kind {@code LOCKED} when another gc is at work; {@code INVALID_INPUT} or {@code FAILED} when it
     *     cannot be told what is needed (nothing is dropped then); {@code USAGE} when the request makes no sense
     */
    public GcOutcome run(GcRequest request) {
        validate(request);
        StateLock lock = StateLock.take(state.lock("gc"), "what nothing needs any more");
        try {
            Found found = new Found(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
            long begin = System.nanoTime();
            events.on(new Event.StepStarted(STEP, "Look what nothing needs"));
            // Asked once before anything is touched: what cannot be told now fails now.
            GenerationNeeds.look(state, clock.instant());
            for (String root : generations.names()) {
                collect(root, request, found);
            }
            if (!request.dryRun()) {
                TemporaryDirectory.clear(state);
            }
            CachePruning.Pruned pruned = new CachePruning(state.cache(), events, sizes)
                    .prune(
                            clock.instant(),
                            new CachePruning.Limits(request.cacheAge(), request.cacheMost()),
                            request.dryRun());
            events.on(new Event.StepFinished(STEP, Duration.ofNanos(System.nanoTime() - begin), false));
            long bytes =
                    found.dropped().stream().mapToLong(GcOutcome.Dropped::bytes).sum();
            return new GcOutcome(
                    request.dryRun(),
                    found.dropped(),
                    found.kept(),
                    found.skipped(),
                    new GcOutcome.Cache(pruned.packages(), pruned.layers(), pruned.bytes()),
                    bytes + pruned.bytes());
        } finally {
            lock.close();
        }
    }

    private void validate(GcRequest request) {
        if (request.keep() < 1) {
            throw Failure.of(
                    FailureKind.USAGE,
                    "--keep " + request.keep() + " is not possible: the newest generation of a root always stays, so"
                            + " that no number is ever given twice",
                    "give 1 or more");
        }
        if (request.cacheAge().isNegative()) {
            throw Failure.of(FailureKind.USAGE, "--cache-age must not be negative", "give a number of days");
        }
        if (!Files.isDirectory(state.path())) {
            throw Failure.of(
                    FailureKind.USAGE, "there is no state directory " + state.path(), "say where it is with --state");
        }
        if (!Files.isWritable(state.path())) {
            throw Failure.of(
                    FailureKind.HOST, "the state directory " + state.path() + " is not writable", "run nbroot as root");
        }
    }

    private void collect(String root, GcRequest request, Found found) {
        StateLock lock;
        try {
            lock = StateLock.take(state.lock("root-" + root), "root " + root);
        } catch (Failure held) {
            if (held.kind() != FailureKind.LOCKED) {
                throw held;
            }
            skip(root, held.getMessage(), found);
            return;
        }
        try {
            if (!request.dryRun()) {
                removal.leftovers(root).forEach(TreeRemoval::remove);
                removal.forgetUses(root);
                WorkDirectory.clear(state.root(root));
            }
            if (generations.all(root).isEmpty()) {
                // Its first build has not come to an end.
                return;
            }
            if (generations.current(root).isEmpty()) {
                skip(root, "it has no current generation", found);
                return;
            }
            look(root, request, found);
        } finally {
            lock.close();
        }
    }

    private void skip(String root, String why, Found found) {
        events.on(new Event.Notice(Event.Level.WARNING, "the root " + root + " is left as it is: " + why));
        found.skipped().add(new GcOutcome.Skipped(root, why));
    }

    private void look(String root, GcRequest request, Found found) {
        List<Generation> all = generations.all(root);
        int newest = Math.max(0, all.size() - request.keep());
        GenerationNeeds needs = GenerationNeeds.look(state, clock.instant());
        for (Generation generation : all) {
            List<String> why = new ArrayList<>(needs.of(generation));
            if (all.indexOf(generation) >= newest) {
                why.add(request.keep() == 1 ? "it is the newest" : "it is one of the newest " + request.keep());
            }
            if (why.isEmpty()) {
                drop(generation, request, found);
            } else {
                found.kept().add(new GcOutcome.Kept(root, generation.number(), why));
            }
        }
    }

    private void drop(Generation generation, GcRequest request, Found found) {
        GcOutcome.Dropped dropped = new GcOutcome.Dropped(
                generation.root(),
                generation.number(),
                generation.directory(),
                sizes.applyAsLong(generation.directory()));
        if (!request.dryRun()) {
            Optional<List<String>> needed = remove(generation);
            if (needed.isPresent()) {
                found.kept().add(new GcOutcome.Kept(generation.root(), generation.number(), needed.get()));
                return;
            }
        }
        found.dropped().add(dropped);
    }

    /** {@return why it is needed, if somebody came to need it at this very moment; then it is where it was} */
    private Optional<List<String>> remove(Generation generation) {
        Path aside = removal.moveAside(generation);
        List<String> needed;
        try {
            needed = GenerationNeeds.look(state, clock.instant()).of(generation);
        } catch (Failure failure) {
            removal.restore(aside, generation);
            throw failure;
        }
        if (!needed.isEmpty()) {
            removal.restore(aside, generation);
            return Optional.of(needed);
        }
        removal.delete(aside, generation);
        return Optional.empty();
    }
}
