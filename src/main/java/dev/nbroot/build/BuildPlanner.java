package dev.nbroot.build;

import dev.nbroot.check.ProfileChecks;
import dev.nbroot.profile.Bootstrap.Variant;
import dev.nbroot.profile.Hook;
import dev.nbroot.profile.Hooks;
import dev.nbroot.profile.Kernel;
import dev.nbroot.profile.Profile;
import dev.nbroot.release.BootContract;
import dev.nbroot.release.Release;
import dev.nbroot.release.ZramGenerator;
import dev.nbroot.system.Host;
import dev.nbroot.system.Sha256;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Turns a profile into the steps that make its root. Changes nothing. */
public final class BuildPlanner {
    private static final long MIB = 1024L * 1024;

    /** A Debian with its kernel, measured: 650 MB to 1 GB; the rest is for what lies beside it for a while. */
    private static final long BASE_SIZE = 1200 * MIB;

    private static final long PACKAGE_SIZE = 20 * MIB;
    private static final long PACKAGE_SIZE_WITH_RECOMMENDS = 60 * MIB;

    private static final Set<String> TIME_DAEMONS = Set.of("chrony", "ntp", "ntpsec", "openntpd", "systemd-timesyncd");

    private final BootContract contract;
    private final Host host;
    private final String version;

    /**
     * Makes a planner.
     *
     * @param contract the releases there are
     * @param host the machine that will build
     * @param version nbroot's own, which is among the inputs
     */
    public BuildPlanner(BootContract contract, Host host, String version) {
        this.contract = contract;
        this.host = host;
        this.version = version;
    }

    /**
     * Checks everything that can be checked, then plans.
     *
     * @param source where it is decided which packages make the root
     * @param epoch the user's SOURCE_DATE_EPOCH
     * @param hostApt asks how the host's apt fetches, once everything else is found right
     * @throws dev.nbroot.report.Failure of kind {@code INVALID_INPUT} or {@code HOST}
     */
    public BuildPlan plan(Profile profile, PackageSource source, OptionalLong epoch, Supplier<HostApt> hostApt) {
        Release release = new ProfileChecks(contract).require(profile);
        String script = new BuildChecks(host).host(profile, release);
        Archive archive = new ArchiveChoice(host).of(profile, release);
        Path keyring = profile.bootstrap().keyring().orElse(release.keyring());
        String inputs = BuildInputs.hash(profile, archive, keyring, version + " " + source.inputs() + " " + epoch);
        HostApt asHost = hostApt.get();
        Optional<String> proxy = profile.apt().httpProxy().or(asHost::proxy);
        Hooks hooks = profile.hooks();
        AptSettings settings = new AptSettings(
                profile.apt().installRecommends(),
                proxy,
                asHost.anyAge() || profile.bootstrap().snapshot().isPresent());
        PrepareApt apt = apt(profile, release, keyring);
        ChoosePackages choose = new ChoosePackages(
                profile,
                archive.uri(),
                packages(profile, release),
                apt,
                keyring,
                settings,
                source,
                Stream.of(hooks.essential(), hooks.customize(), hooks.cleanup()).anyMatch(phase -> !phase.isEmpty()));
        List<BuildStep> choice = new ArrayList<>();
        if (source instanceof PackageSource.Archives) {
            choice.add(new FindArchives(
                    release.suite(),
                    release.updatesSuite(),
                    release.securitySuite(),
                    archive,
                    new ReleaseFile(profile.apt().httpProxy(), settings.anyAge())));
        }
        choice.add(choose);
        return new BuildPlan(
                profile,
                release,
                inputs,
                size(profile),
                choice,
                new FetchPackages(!source.mayFetch()),
                foundation(profile, release, archive, apt, keyring, script),
                settings,
                finish(profile, release, proxy));
    }

    private static PrepareApt apt(Profile profile, Release release, Path keyring) {
        Optional<Path> own = profile.bootstrap().keyring();
        return new PrepareApt(
                release.distribution(),
                components(profile, release),
                own.isPresent() ? SourceFiles.KEYRINGS + "/" + keyring.getFileName() : keyring.toString(),
                own,
                profile.apt().sources());
    }

    private Foundation foundation(
            Profile profile, Release release, Archive archive, PrepareApt apt, Path keyring, String script) {
        List<String> base = new ArrayList<>(List.of(
                "nbroot " + version,
                "no file capabilities",
                "suite " + release.suite() + " " + profile.bootstrap().architecture() + " "
                        + profile.bootstrap().variant().word()));
        base.addAll(BuildInputs.hooks("setup", profile.hooks().setup()));
        List<String> packages =
                new ArrayList<>(BuildInputs.hooks("essential", profile.hooks().essential()));
        profile.bootstrap().keyring().ifPresent(path -> packages.add("keyring " + Sha256.of(keyring)));
        packages.addAll(packages(profile, release).stream()
                .map(name -> "asked for " + name)
                .toList());
        profile.apt().debconfSelections().forEach(one -> packages.add("debconf " + Sha256.of(one.line())));
        return new Foundation(
                hooks("setup", profile.hooks().setup()),
                new Bootstrap(
                        release.suite(),
                        profile.bootstrap().architecture(),
                        profile.bootstrap().variant(),
                        archive.uri(),
                        script),
                apt,
                hooks("essential", profile.hooks().essential()),
                new InstallPackages(packages(profile, release), profile.apt().debconfSelections()),
                base,
                packages);
    }

    private static List<BuildStep> finish(Profile profile, Release release, Optional<String> proxy) {
        List<BuildStep> steps = new ArrayList<>(List.of(new Configure(profile, release)));
        steps.addAll(hooks("customize", profile.hooks().customize()));
        steps.add(new ReuseInitrd(new MakeInitrd(profile, InitrdMaker.of(profile, release))));
        steps.addAll(hooks("cleanup", profile.hooks().cleanup()));
        steps.add(new CleanTree());
        steps.add(new CheckTree(proxy));
        return steps;
    }

    private static List<BuildStep> hooks(String phase, List<Hook> hooks) {
        return hooks.isEmpty() ? List.of() : List.of(new RunHooks(phase, hooks));
    }

    /** {@return everything that one transaction installs: what the release needs to boot, the kernel, the profile's} */
    static List<String> packages(Profile profile, Release release) {
        // Before the kernel, which takes the generator it names first unless one is chosen already.
        Set<String> packages =
                new LinkedHashSet<>(InitrdMaker.of(profile, release).packages());
        packages.addAll(release.basePackages());
        // Debian's time daemons exclude each other (Conflicts: time-daemon).
        if (profile.packages().stream().noneMatch(TIME_DAEMONS::contains)) {
            packages.add(release.timesyncPackage());
        }
        if (profile.swap().zram().isPresent()) {
            packages.add(ZramGenerator.PACKAGE);
        }
        profile.scratch().ifPresent(scratch -> packages.addAll(ScratchFiles.packages(scratch)));
        if (profile.kernel() instanceof Kernel.Package named) {
            packages.add(named.name());
        } else if (profile.kernel() instanceof Kernel.Auto) {
            packages.add(release.kernels().get(profile.bootstrap().architecture()));
        }
        if (new Localisation(profile).needsLocalesPackage()) {
            packages.add("locales");
        }
        if (profile.keyboard().isPresent()) {
            packages.add("keyboard-configuration");
            packages.add("console-setup");
        }
        packages.addAll(profile.packages());
        if (packages.contains("busybox-static")) {
            // Either will do, and they exclude each other.
            packages.remove("busybox");
        }
        return List.copyOf(packages);
    }

    /** {@return the archive areas: the profile's, or else the release's own} */
    static List<String> components(Profile profile, Release release) {
        return profile.provenance().origin("bootstrap.components").isPresent()
                ? profile.bootstrap().components()
                : release.components();
    }

    private static long size(Profile profile) {
        long each = profile.apt().installRecommends() ? PACKAGE_SIZE_WITH_RECOMMENDS : PACKAGE_SIZE;
        long extra = profile.bootstrap().variant() == Variant.MINBASE ? 0 : 300 * MIB;
        return BASE_SIZE + extra + each * profile.packages().size();
    }
}
