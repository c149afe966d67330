package dev.nbroot.build;

import dev.nbroot.profile.Apt;
import dev.nbroot.profile.Bootstrap.Variant;
import dev.nbroot.profile.Hook;
import dev.nbroot.profile.Kernel;
import dev.nbroot.profile.Profile;
import dev.nbroot.release.BootContract;
import dev.nbroot.release.Release;
import dev.nbroot.system.Host;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** Turns a profile into the steps that make its root. Changes nothing. */
public final class BuildPlanner {
    private static final long MIB = 1024L * 1024;

    /** A Debian with its kernel, measured: 650 MB to 1 GB; the rest is for what lies beside it for a while. */
    private static final long BASE_SIZE = 1200 * MIB;

    private static final long PACKAGE_SIZE = 20 * MIB;
    private static final long PACKAGE_SIZE_WITH_RECOMMENDS = 60 * MIB;

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
     * @param hostProxy asks for the proxy that the host's apt uses, once everything else is found right
     * @throws dev.nbroot.report.Failure of kind {@code INVALID_INPUT} or {@code HOST}
     */
    public BuildPlan plan(Profile profile, Supplier<Optional<String>> hostProxy) {
        Release release = BuildChecks.release(profile, contract);
        BuildChecks.mode(profile);
        Credentials.refuse(profile);
        new BuildChecks(host).host(profile, release);
        Archive archive = new ArchiveChoice(host).of(profile, release);
        Path keyring = profile.bootstrap().keyring().orElse(release.keyring());
        return new BuildPlan(
                profile,
                release,
                BuildInputs.hash(profile, archive, keyring, version),
                size(profile),
                steps(profile, release, archive, keyring, hostProxy.get()));
    }

    private static List<BuildStep> steps(
            Profile profile, Release release, Archive archive, Path keyring, Optional<String> hostProxy) {
        Apt apt = profile.apt();
        Optional<String> proxy = apt.httpProxy().or(() -> hostProxy);
        Optional<Path> ownKeyring = profile.bootstrap().keyring();
        String keyringInRoot = ownKeyring
                .map(path -> "/etc/apt/keyrings/" + path.getFileName())
                .orElse(release.keyring().toString());
        List<BuildStep> steps = new ArrayList<>();
        steps.add(new FindArchives(
                release.suite(), release.updatesSuite(), release.securitySuite(), archive, apt.httpProxy()));
        hooks(steps, "setup", profile.hooks().setup());
        steps.add(new Bootstrap(
                release.suite(),
                profile.bootstrap().architecture(),
                profile.bootstrap().variant(),
                profile.bootstrap().components(),
                archive.uri(),
                keyring,
                proxy,
                profile.hostname()));
        steps.add(new PrepareApt(
                release.distribution(),
                profile.bootstrap().components(),
                keyringInRoot,
                ownKeyring,
                profile.hostname(),
                apt.sources(),
                new AptSettings(
                        apt.installRecommends(),
                        proxy,
                        profile.bootstrap().snapshot().isPresent())));
        hooks(steps, "essential", profile.hooks().essential());
        steps.add(new InstallPackages(packages(profile, release), apt.debconfSelections()));
        steps.add(new Configure(profile));
        hooks(steps, "customize", profile.hooks().customize());
        steps.add(new MakeInitrd(profile));
        hooks(steps, "cleanup", profile.hooks().cleanup());
        steps.add(new CleanTree());
        steps.add(new CheckTree(proxy));
        return steps;
    }

    private static void hooks(List<BuildStep> steps, String phase, List<Hook> hooks) {
        if (!hooks.isEmpty()) {
            steps.add(new RunHooks(phase, hooks));
        }
    }

    /** {@return everything that one transaction installs: what the release needs to boot, the kernel, the profile's} */
    static List<String> packages(Profile profile, Release release) {
        Set<String> packages = new LinkedHashSet<>(release.basePackages());
        packages.add(release.timesyncPackage());
        if (profile.kernel() instanceof Kernel.Package named) {
            packages.add(named.name());
        } else if (profile.kernel() instanceof Kernel.Auto) {
            packages.add(release.kernels().get(profile.bootstrap().architecture()));
        }
        String compressor = profile.initramfs().compress().word();
        packages.add(compressor.equals("xz") ? "xz-utils" : compressor);
        if (new Localisation(profile).needsLocalesPackage()) {
            packages.add("locales");
        }
        if (profile.keyboard().isPresent()) {
            packages.add("keyboard-configuration");
            packages.add("console-setup");
        }
        packages.addAll(profile.packages());
        return List.copyOf(packages);
    }

    private static long size(Profile profile) {
        long each = profile.apt().installRecommends() ? PACKAGE_SIZE_WITH_RECOMMENDS : PACKAGE_SIZE;
        long extra = profile.bootstrap().variant() == Variant.MINBASE ? 0 : 300 * MIB;
        return BASE_SIZE + extra + each * profile.packages().size();
    }
}
