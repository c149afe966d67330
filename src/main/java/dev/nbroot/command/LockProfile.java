package dev.nbroot.command;

import dev.nbroot.build.BuildPlan;
import dev.nbroot.build.BuildPlanner;
import dev.nbroot.build.HostApt;
import dev.nbroot.build.LockFile;
import dev.nbroot.build.LockMaker;
import dev.nbroot.build.PackageSource;
import dev.nbroot.build.Unfinished;
import dev.nbroot.build.WorkDirectory;
import dev.nbroot.profile.InputFile;
import dev.nbroot.profile.Profile;
import dev.nbroot.profile.ProfileReader;
import dev.nbroot.release.BootContract;
import dev.nbroot.report.Events;
import dev.nbroot.report.Failure;
import dev.nbroot.stage.BootPlanner;
import dev.nbroot.state.StateDirectory;
import dev.nbroot.system.Commands;
import dev.nbroot.system.Host;
import dev.nbroot.system.Namespaces;
import dev.nbroot.system.Sha256;
import dev.nbroot.system.TreeRemoval;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.stream.Collectors;

/** {@code nbroot lock}: writes down which package files a profile takes today. */
public final class LockProfile {
    private final StateDirectory state;
    private final ProfileReader profiles;
    private final BootContract contract;
    private final Host host;
    private final Namespaces namespaces;
    private final Function<Events, Commands> commands;
    private final Events events;
    private final String version;

    /** Wires the use case; the parameters are those of {@link BuildRoot}. */
    public LockProfile(
            StateDirectory state,
            ProfileReader profiles,
            BootContract contract,
            Host host,
            Namespaces namespaces,
            Function<Events, Commands> commands,
            Events events,
            String version) {
        this.state = state;
        this.profiles = profiles;
        this.contract = contract;
        this.host = host;
        this.namespaces = namespaces;
        this.commands = commands;
        this.events = events;
        this.version = version;
    }

    /**
     * Writes the lock file beside the profile.
     *
     * @throws Failure of any kind of the table; then the old lock file is what it was
     */
    public LockOutcome run(LockRequest request) {
        Profile profile = profiles.read(request.profile(), request.sets());
        BootPlanner.requireCarriable(state.path());
        BuildPlan plan = new BuildPlanner(contract, host, version)
                .plan(
                        profile,
                        new PackageSource.Archives(),
                        OptionalLong.empty(),
                        () -> HostApt.ask(commands.apply(Events.none())));
        Path work = workDirectory();
        try {
            LockFile lock = new LockMaker(state, namespaces, commands.apply(events), events)
                    .make(plan, checksum(profile, request.sets()), work);
            Path file = LockFile.beside(request.profile());
            lock.write(file);
            return new LockOutcome(file, lock.packages());
        } finally {
            TreeRemoval.remove(work);
        }
    }

    private Path workDirectory() {
        try {
            WorkDirectory.restrict(state.cache());
            return Unfinished.begin(state.cache().resolve("lock"), "lock");
        } catch (IOException e) {
            throw Failure.io("make a directory in", state.cache(), e);
        }
    }

    /** {@return SHA-256 over a profile, the profiles that it includes, and the options that override it} */
    static String checksum(Profile profile, List<String> sets) {
        String files = profile.provenance().inputs().stream()
                .filter(file -> file.role() != InputFile.Role.SSH_KEYS)
                .map(InputFile::sha256)
                .collect(Collectors.joining("\n"));
        return Sha256.of(files + "\n" + String.join("\n", sets));
    }
}
