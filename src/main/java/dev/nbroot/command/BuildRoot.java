package dev.nbroot.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.nbroot.build.BuildLog;
import dev.nbroot.build.BuildPlan;
import dev.nbroot.build.BuildPlanner;
import dev.nbroot.build.BuildRunner;
import dev.nbroot.build.HostApt;
import dev.nbroot.build.LockFile;
import dev.nbroot.build.PackageSource;
import dev.nbroot.build.SpdxDocument;
import dev.nbroot.build.WorkDirectory;
import dev.nbroot.check.ProfileChecks;
import dev.nbroot.profile.Boot;
import dev.nbroot.profile.Problem;
import dev.nbroot.profile.Profile;
import dev.nbroot.profile.ProfileReader;
import dev.nbroot.release.BootContract;
import dev.nbroot.report.Event;
import dev.nbroot.report.Events;
import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import dev.nbroot.stage.BootPlanner;
import dev.nbroot.state.Generation;
import dev.nbroot.state.Generations;
import dev.nbroot.state.Manifest;
import dev.nbroot.state.StateDirectory;
import dev.nbroot.state.StateFiles;
import dev.nbroot.system.AtomicFile;
import dev.nbroot.system.Commands;
import dev.nbroot.system.Host;
import dev.nbroot.system.Namespaces;
import dev.nbroot.system.StateLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/** {@code nbroot build}: makes a new generation of a profile's root, unless nothing changed. */
public final class BuildRoot {
    private final StateDirectory state;
    private final ProfileReader profiles;
    private final BootContract contract;
    private final Host host;
    private final Namespaces namespaces;
    private final Function<Events, Commands> commands;
    private final StageBootTree stage;
    private final Events events;
    private final String version;
    private final OptionalLong epoch;
    private final Generations generations;
    private final StateFiles files;

    /**
     * Wires the use case.
     *
     * @param state where roots live
     * @param profiles reads profiles
     * @param contract the releases there are
     * @param host the machine that builds
     * @param namespaces where it builds
     * @param commands makes the door to processes; what they print goes to the given listener
     * @param stage updates the boot tree afterwards
     * @param events receives what happens
     * @param version nbroot's own
     * @param epoch the user's SOURCE_DATE_EPOCH
     */
    public BuildRoot(
            StateDirectory state,
            ProfileReader profiles,
            BootContract contract,
            Host host,
            Namespaces namespaces,
            Function<Events, Commands> commands,
            StageBootTree stage,
            Events events,
            String version,
            OptionalLong epoch) {
        this.state = state;
        this.profiles = profiles;
        this.contract = contract;
        this.host = host;
        this.namespaces = namespaces;
        this.commands = commands;
        this.stage = stage;
        this.events = events;
        this.version = version;
        this.epoch = epoch;
        this.generations = new Generations(state);
        this.files = new StateFiles(state);
    }

    /**
     * Builds.
     *
     * @throws Failure of any kind of the table; then no generation appeared and the current one is what it was
     */
    public BuildOutcome run(BuildRequest request) {
        Profile profile =
                new ProfileChecks(contract).require(profiles.examine(request.profile(), request.sets()), this::warn);
        PackageSource source = new PackageSource.Archives();
        if (request.locked()) {
            LockFile lock = LockFile.read(LockFile.beside(request.profile()));
            compare(lock, profile, request);
            source = new PackageSource.Locked(lock, !request.offline());
        } else if (request.offline()) {
            source = new PackageSource.Offline();
        }
        return run(profile, source, request.fresh(), request.dryRun());
    }

    private void warn(Problem unwise) {
        events.on(new Event.Notice(Event.Level.WARNING, unwise.sentence() + " (" + unwise.hint() + ")"));
    }

    /** As {@link #run(BuildRequest)}, for a profile that was read already, with the packages of today. */
    public BuildOutcome run(Profile profile, boolean fresh, boolean dryRun) {
        return run(profile, new PackageSource.Archives(), fresh, dryRun);
    }

    private void compare(LockFile lock, Profile profile, BuildRequest request) {
        BuildPlan plan = plan(profile, new PackageSource.Archives());
        if (!lock.wanted().equals(plan.wanted())) {
            throw Failure.of(
                    FailureKind.INVALID_INPUT,
                    LockFile.beside(request.profile()) + " was made for other packages than " + request.profile()
                            + " wants now",
                    "make it anew: nbroot lock " + request.profile());
        }
        if (!lock.profile().equals(LockProfile.checksum(profile, request.sets()))) {
            events.on(new Event.Notice(
                    Event.Level.INFO,
                    request.profile() + " has changed since it was locked, but not in what decides its packages"));
        }
    }

    private BuildPlan plan(Profile profile, PackageSource source) {
        BootPlanner.requireCarriable(state.path());
        return new BuildPlanner(contract, host, version)
                .plan(profile, source, epoch, () -> HostApt.ask(commands.apply(Events.none())));
    }

    private BuildOutcome run(Profile profile, PackageSource source, boolean fresh, boolean dryRun) {
        long begin = System.nanoTime();
        BuildPlan plan = plan(profile, source);
        if (dryRun) {
            return planned(plan, fresh, begin);
        }
        String name = profile.name();
        StateLock lock = StateLock.take(state.lock("root-" + name), "root " + name);
        try {
            Optional<Generation> unchanged = fresh ? Optional.empty() : unchanged(plan);
            if (unchanged.isPresent()) {
                WorkDirectory.clear(state.root(name));
                BuildOutcome outcome = upToDate(unchanged.get(), begin);
                // The build that made it may have been killed before this.
                stage.restageBehind(unchanged.get().label() + " is up to date");
                return outcome;
            }
            warnOfHandwork(name);
            BuildOutcome outcome = build(plan, fresh, begin);
            stage.restageBehind(outcome.name() + "/" + outcome.generation() + " was built");
            return outcome;
        } finally {
            lock.close();
        }
    }

    /** What is built comes from the profile alone. */
    private void warnOfHandwork(String name) {
        generations
                .current(name)
                .filter(current -> Files.isRegularFile(current.manifest()))
                .ifPresent(current -> {
                    Manifest.Origin origin = origin(current);
                    if (!origin.equals(Manifest.Origin.BUILD)) {
                        events.on(new Event.Notice(
                                Event.Level.WARNING,
                                current.label() + " was made of " + origin.parent() + " by " + origin.by()
                                        + "; what was done there is not in the profile, and not in what is built now"));
                    }
                });
    }

    private Manifest.Origin origin(Generation generation) {
        try {
            return files.manifest(generation).origin();
        } catch (Failure damaged) {
            // That it is damaged is told where it matters: when it is asked whether it is up to date.
            return Manifest.Origin.BUILD;
        }
    }

    private BuildOutcome build(BuildPlan plan, boolean fresh, long begin) {
        Path root = state.root(plan.profile().name());
        Path logFile = root.resolve("build.log");
        try (WorkDirectory work = WorkDirectory.make(root, plan.diskSize());
                BuildLog log = BuildLog.open(logFile, events)) {
            try {
                return build(plan, work, log, fresh, begin);
            } catch (Failure failure) {
                throw failure.withLog(logFile);
            }
        }
    }

    private BuildOutcome build(BuildPlan plan, WorkDirectory work, BuildLog log, boolean fresh, long begin) {
        BuildRunner.Result result =
                new BuildRunner(state, namespaces, host, commands.apply(log), log, epoch).run(plan, work.path(), fresh);
        Generation generation = generations.next(plan.profile().name());
        AtomicFile.write(result.directory().resolve("sbom.spdx.json"), billOfMaterials(plan, result), "rw-r--r--");
        Manifest manifest = manifest(plan, result, generation);
        files.write(result.directory().resolve("manifest.json"), manifest);
        generations.publish(result.directory(), generation);
        return outcome(generation, manifest, false, manifest.steps(), begin);
    }

    private byte[] billOfMaterials(BuildPlan plan, BuildRunner.Result result) {
        return SpdxDocument.of(
                result.directory().resolve("root"),
                new SpdxDocument.Facts(
                        plan.profile().name(),
                        plan.release().distribution(),
                        plan.release().suite(),
                        version,
                        Instant.ofEpochSecond(result.epoch()),
                        result.origins()));
    }

    private Optional<Generation> unchanged(BuildPlan plan) {
        return generations
                .current(plan.profile().name())
                .filter(generation -> Files.isDirectory(generation.tree())
                        && Files.isRegularFile(generation.kernel())
                        && Files.isRegularFile(generation.initrd())
                        && Files.isRegularFile(generation.manifest()))
                .filter(generation -> madeFrom(plan.inputs(), generation));
    }

    private boolean madeFrom(String inputs, Generation generation) {
        try {
            return inputs.equals(files.manifest(generation).inputs());
        } catch (Failure damaged) {
            events.on(new Event.Notice(
                    Event.Level.WARNING,
                    damaged.getMessage() + ": " + generation.label() + " does not count as up to date"));
            return false;
        }
    }

    private Manifest manifest(BuildPlan plan, BuildRunner.Result result, Generation generation) {
        Profile profile = plan.profile();
        Boot boot = profile.boot();
        return new Manifest(
                profile.name(),
                generation.number(),
                Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
                version,
                plan.release().suite(),
                profile.bootstrap().architecture(),
                result.kernel(),
                plan.generator().word(),
                plan.inputs(),
                new Manifest.Boot(
                        boot.mode().word(),
                        boot.console().stream().map(Boot.Console::argument).toList(),
                        boot.cmdline()),
                result.hashes(),
                result.packages(),
                result.steps(),
                json(profile),
                Manifest.Origin.BUILD);
    }

    private static JsonNode json(Profile profile) {
        try {
            return new ObjectMapper().readTree(profile.canonicalJson());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the canonical form of a profile is JSON", e);
        }
    }

    private BuildOutcome upToDate(Generation generation, long begin) {
        return outcome(generation, files.manifest(generation), true, List.of(), begin);
    }

    private static BuildOutcome outcome(
            Generation generation, Manifest manifest, boolean upToDate, List<Manifest.Step> steps, long begin) {
        return new BuildOutcome(
                generation.root(),
                generation.number(),
                generation.tree(),
                manifest.kernel(),
                manifest.packages().size(),
                upToDate,
                seconds(begin),
                steps,
                List.of());
    }

    private BuildOutcome planned(BuildPlan plan, boolean fresh, long begin) {
        Optional<Generation> unchanged = fresh ? Optional.empty() : unchanged(plan);
        if (unchanged.isEmpty()) {
            warnOfHandwork(plan.profile().name());
        }
        Generation generation =
                unchanged.orElseGet(() -> generations.next(plan.profile().name()));
        return new BuildOutcome(
                generation.root(),
                generation.number(),
                generation.tree(),
                "",
                0,
                unchanged.isPresent(),
                seconds(begin),
                List.of(),
                plan.phases().stream()
                        .map(phase -> new BuildOutcome.PlannedStep(phase.id(), phase.title(), phase.details()))
                        .toList());
    }

    private static double seconds(long begin) {
        return (System.nanoTime() - begin) / 1_000_000 / 1000.0;
    }
}
