package dev.nbroot.build;

import dev.nbroot.profile.Boot;
import dev.nbroot.profile.Initramfs;
import dev.nbroot.profile.Nearest;
import dev.nbroot.profile.Profile;
import dev.nbroot.release.BootContract;
import dev.nbroot.release.Release;
import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import dev.nbroot.system.Host;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What must be right before anything is touched. */
final class BuildChecks {
    /** Programs of the host: why they are needed, and which package has them. */
    private static final Map<String, List<String>> TOOLS = new TreeMap<>(Map.of(
            "debootstrap", List.of("to make the base system", "debootstrap"),
            "unshare", List.of("to keep the build's mounts to itself", "util-linux"),
            "nsenter", List.of("to run commands inside the build's namespaces", "util-linux"),
            "setsid", List.of("to keep the build's commands from the terminal", "util-linux"),
            "chroot", List.of("to run commands in the root", "coreutils"),
            "gpgv", List.of("to verify the archive's signature", "gpgv"),
            "wget", List.of("to fetch packages for debootstrap", "wget"),
            "apt-get", List.of("to tell which mirror the host uses", "apt"),
            "tar", List.of("to copy overlays", "tar")));

    private final Host host;

    BuildChecks(Host host) {
        this.host = host;
    }

    /**
     * {@return the release that the profile wants}
     *
     * @throws Failure of kind {@code INVALID_INPUT}, naming the profile's line
     */
    static Release release(Profile profile, BootContract contract) {
        String suite = profile.bootstrap().suite();
        List<String> known = contract.releases().stream().map(Release::suite).toList();
        Release release = contract.find(suite)
                .orElseThrow(() -> invalid(
                        profile,
                        "bootstrap.suite",
                        "nbroot does not know the suite '" + suite + "'",
                        Nearest.hint(suite, known)));
        String architecture = profile.bootstrap().architecture();
        if (!release.kernels().containsKey(architecture)) {
            throw invalid(
                    profile,
                    "bootstrap.architecture",
                    "nbroot cannot build " + suite + " for " + architecture,
                    "it can for: " + String.join(", ", new TreeMap<>(release.kernels()).keySet()));
        }
        Initramfs.Generator generator = profile.initramfs().generator();
        boolean supported = generator == Initramfs.Generator.AUTO
                || generator.word().equals(release.generator().word());
        if (!supported) {
            throw invalid(
                    profile,
                    "initramfs.generator",
                    "nbroot cannot make the initrd of " + suite + " with " + generator.word(),
                    "write generator: auto, which is " + release.generator().word());
        }
        return release;
    }

    /**
     * Checks that machines can boot what will be built.
     *
     * @throws Failure of kind {@code INVALID_INPUT}, naming the profile's line
     */
    static void mode(Profile profile) {
        Boot.Mode mode = profile.boot().mode();
        if (mode != Boot.Mode.STATELESS && mode != Boot.Mode.PERSISTENT) {
            throw invalid(
                    profile,
                    "boot.mode",
                    "this version of nbroot cannot stage the boot.mode '" + mode.word() + "'",
                    "write mode: stateless, or mode: persistent for machines that are all cloned");
        }
    }

    /**
     * Checks the host.
     *
     * @throws Failure of kind {@code HOST}
     */
    void host(Profile profile, Release release) {
        host.requireRoot("build a root, with its device nodes, owners and mounts");
        TOOLS.forEach((tool, about) -> host.requireProgram(tool, about.get(0), about.get(1)));
        String architecture = profile.bootstrap().architecture();
        if (!architecture.equals(host.architecture())) {
            throw Failure.of(
                    FailureKind.HOST,
                    "this machine is " + host.architecture() + " and cannot run the programs of an " + architecture
                            + " root (" + profile.where("bootstrap.architecture") + ")",
                    "build on a machine of that architecture");
        }
        if (!host.debootstrapKnows(release.suite())) {
            throw Failure.of(
                    FailureKind.HOST,
                    "this machine's debootstrap does not know " + release.suite(),
                    "install a newer debootstrap");
        }
        Path keyring = profile.bootstrap().keyring().orElse(release.keyring());
        if (!host.hasFile(keyring)) {
            throw Failure.of(
                    FailureKind.HOST,
                    "the keyring " + keyring + " is missing, without which the archive's signature cannot be verified",
                    profile.bootstrap().keyring().isPresent()
                            ? "correct bootstrap.keyring (" + profile.where("bootstrap.keyring") + ")"
                            : "apt-get install " + release.keyringPackage());
        }
    }

    /**
     * Checks the space.
     *
     * @param needed bytes
     * @throws Failure of kind {@code FAILED}
     */
    static void space(Path directory, long needed) {
        try {
            long free = Files.getFileStore(directory).getUsableSpace();
            if (free < needed) {
                throw Failure.of(
                        FailureKind.FAILED,
                        "no space: " + directory + " has " + megabytes(free) + " MB free, about " + megabytes(needed)
                                + " MB are needed",
                        "free some space, or use --state on a larger file system");
            }
        } catch (IOException e) {
            throw Failure.io("ask for the free space of", directory, e);
        }
    }

    private static long megabytes(long bytes) {
        return bytes / (1024 * 1024);
    }

    private static Failure invalid(Profile profile, String key, String problem, String hint) {
        return Failure.of(FailureKind.INVALID_INPUT, profile.where(key) + ": " + problem, hint);
    }
}
