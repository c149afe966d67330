package dev.nbroot.command;

import dev.nbroot.build.BuildLog;
import dev.nbroot.build.DerivedRoot;
import dev.nbroot.build.HostApt;
import dev.nbroot.build.RootWork;
import dev.nbroot.build.SpdxDocument;
import dev.nbroot.build.SpdxOrigins;
import dev.nbroot.build.WorkDirectory;
import dev.nbroot.release.BootContract;
import dev.nbroot.release.Release;
import dev.nbroot.report.Events;
import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import dev.nbroot.state.Generation;
import dev.nbroot.state.Generations;
import dev.nbroot.state.Manifest;
import dev.nbroot.state.StateDirectory;
import dev.nbroot.state.StateFiles;
import dev.nbroot.system.AtomicFile;
import dev.nbroot.system.Commands;
import dev.nbroot.system.DiskUsage;
import dev.nbroot.system.Host;
import dev.nbroot.system.Namespaces;
import dev.nbroot.system.PosixFiles;
import dev.nbroot.system.Sha256;
import dev.nbroot.system.StateLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/** Makes the next generation of a root out of its current one: what {@code enter}, {@code upgrade} and {@code commit} share. */
public final class DeriveGeneration {
    private final StateDirectory state;
    private final Ground ground;
    private final StageBootTree stage;
    private final Events events;
    private final String version;
    private final Generations generations;
    private final StateFiles files;

    /**
     * What it stands on.
     *
     * @param commands makes the door to processes; what they print goes to the given listener
     */
    public record Ground(
            Host host, Namespaces namespaces, Function<Events, Commands> commands, PosixFiles posix, Clock clock) {}

    /**
     * Wires it.
     *
     * @param stage updates the boot tree afterwards
     * @param version nbroot's own
     */
    public DeriveGeneration(StateDirectory state, Ground ground, StageBootTree stage, Events events, String version) {
        this.state = state;
        this.ground = ground;
        this.stage = stage;
        this.events = events;
        this.version = version;
        this.generations = new Generations(state);
        this.files = new StateFiles(state);
    }

    /**
     * {@return the generation to work on}
     *
     * @throws Failure of kind {@code HOST} without root's privileges, {@code INVALID_INPUT} when it is not known what it
     *     is made of
     */
    DerivedRoot.Parent parent(Generation generation) {
        ground.host().requireRoot("work in a root, with its owners and mounts");
        ground.host().requireProgram("unshare", "to keep the work's mounts to itself", "util-linux");
        Manifest manifest = files.manifest(generation);
        Release release = new BootContract()
                .find(manifest.suite())
                .orElseThrow(() -> Failure.of(
                        FailureKind.INVALID_INPUT,
                        generation.label() + " is made of '" + manifest.suite()
                                + "', a release that nbroot does not know",
                        "build the root anew"));
        return new DerivedRoot.Parent(
                generation, manifest, release, HostApt.ask(ground.commands().apply(Events.none())));
    }

    /** {@return what is to be held while a root gets a generation} */
    StateLock lock(String root) {
        return StateLock.take(state.lock("root-" + root), "root " + root);
    }

    /**
     * Works, publishes and stages. The caller holds the root's lock.
     *
     * @param origin how the new generation came about
     * @param then is told of the new one at once when it is current, while a view that was taken is still held
     * @return the new generation; absent when nothing differs
     * @throws Failure when the work fails, and then nothing is published; of kind {@code FAILED} too when the new
     *     generation could not be staged
     */
    Optional<DerivedOutcome> run(
            DerivedRoot.Parent parent, RootWork work, Manifest.Origin origin, Consumer<Generation> then) {
        String root = parent.generation().root();
        Path logFile = state.root(root).resolve("build.log");
        long begin = System.nanoTime();
        DerivedOutcome[] made = new DerivedOutcome[1];
        try (WorkDirectory directory = WorkDirectory.make(state.root(root), size(parent));
                BuildLog log = BuildLog.open(logFile, events)) {
            try {
                new DerivedRoot(state, ground.namespaces(), ground.commands().apply(log), ground.posix(), log)
                        .run(parent, work, directory.path(), result -> {
                            Generation next = publish(parent, result, origin);
                            made[0] = DerivedOutcome.of(parent.generation(), next, result, begin);
                            then.accept(next);
                        });
            } catch (Failure failure) {
                throw made[0] == null ? failure.withLog(logFile) : late(made[0], failure);
            }
        }
        if (made[0] == null) {
            leave(parent.generation());
        } else {
            restage(made[0]);
        }
        return Optional.ofNullable(made[0]);
    }

    /** {@return about what the next one will need: the blocks that it takes, because holes are copied as holes} */
    private long size(DerivedRoot.Parent parent) {
        return new DiskUsage(ground.commands().apply(Events.none()))
                .of(parent.generation().directory());
    }

    private Generation publish(DerivedRoot.Parent parent, DerivedRoot.Result result, Manifest.Origin origin) {
        Generation next = generations.next(parent.generation().root());
        AtomicFile.write(result.directory().resolve("sbom.spdx.json"), billOfMaterials(parent, result), "rw-r--r--");
        files.write(result.directory().resolve("manifest.json"), manifest(parent, result, origin, next));
        generations.publish(result.directory(), next);
        return next;
    }

    private byte[] billOfMaterials(DerivedRoot.Parent parent, DerivedRoot.Result result) {
        Path before = parent.generation().directory().resolve("sbom.spdx.json");
        Map<String, SpdxDocument.Origin> known = Files.isRegularFile(before)
                ? SpdxOrigins.read(before)
                        .of(parent.release().distribution(), parent.release().suite(), result.packages())
                : Map.of();
        return SpdxDocument.of(
                result.directory().resolve("root"),
                new SpdxDocument.Facts(
                        parent.generation().root(),
                        parent.release().distribution(),
                        parent.release().suite(),
                        version,
                        ground.clock().instant(),
                        known));
    }

    private Manifest manifest(
            DerivedRoot.Parent parent, DerivedRoot.Result result, Manifest.Origin origin, Generation next) {
        Manifest before = parent.manifest();
        return new Manifest(
                before.name(),
                next.number(),
                ground.clock().instant().truncatedTo(ChronoUnit.SECONDS).toString(),
                version,
                before.suite(),
                before.architecture(),
                result.kernel(),
                before.generator(),
                // A build from the profile would make something else.
                Sha256.of("derived from " + before.inputs() + " " + origin + " " + next.label()),
                before.boot(),
                result.hashes(),
                result.packages(),
                result.steps(),
                before.profile(),
                origin);
    }

    /** Nothing is to be done; but what made the generation may have been killed before it could stage. */
    void leave(Generation generation) {
        stage.restageBehind(generation.label() + " stays as it is");
    }

    /** Lets machines boot what is there, if there is a boot tree. */
    void restage() {
        stage.restage();
    }

    /** The generation is there and stays, and machines are to boot it. */
    private Failure late(DerivedOutcome made, Failure failure) {
        restage(made);
        return Failure.of(
                        failure.kind(),
                        made.name() + "/" + made.generation() + " was made, but: " + failure.getMessage(),
                        failure.hint(),
                        failure)
                .withDetails(failure.details());
    }

    private void restage(DerivedOutcome made) {
        stage.restageBehind(made.name() + "/" + made.generation() + " was made");
    }
}
