package dev.nbroot.build;

import dev.nbroot.profile.Boot;
import dev.nbroot.profile.Profile;
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

/** What must be right about the host before anything is touched. */
final class BuildChecks {
    /** Programs of the host: why they are needed, and which package has them. */
    private static final Map<String, List<String>> TOOLS = new TreeMap<>(Map.of(
            "debootstrap", List.of("to make the base system", "debootstrap"),
            "unshare", List.of("to keep the build's mounts to itself", "util-linux"),
            "nsenter", List.of("to run commands inside the build's namespaces", "util-linux"),
            "setsid", List.of("to keep the build's commands from the terminal", "util-linux"),
            "chroot", List.of("to run commands in the root", "coreutils"),
            "setpriv", List.of("to keep debootstrap from what machines do not see over NFS", "util-linux"),
            "gpgv", List.of("to verify the archive's signature", "gpgv"),
            "wget", List.of("to fetch packages for debootstrap", "wget"),
            "apt-get", List.of("to tell which mirror the host uses", "apt"),
            "tar", List.of("to copy overlays", "tar")));

    private final Host host;

    BuildChecks(Host host) {
        this.host = host;
    }

    /**
     * Checks the host.
     *
     * @return the name of debootstrap's script for the release
     * @throws Failure of kind {@code HOST}
     */
    String host(Profile profile, Release release) {
        host.requireRoot("build a root, or choose its packages, with device nodes, owners and mounts of its own");
        if (profile.boot().mode() == Boot.Mode.TORAM) {
            host.requireProgram(
                    "mksquashfs", "to make the image of machines whose root is in memory", "squashfs-tools");
        }
        TOOLS.forEach((tool, about) -> host.requireProgram(tool, about.get(0), about.get(1)));
        String architecture = profile.bootstrap().architecture();
        if (!architecture.equals(host.architecture())) {
            throw Failure.of(
                    FailureKind.HOST,
                    "this machine is " + host.architecture() + " and cannot run the programs of an " + architecture
                            + " root (" + profile.where("bootstrap.architecture") + ")",
                    "build on a machine of that architecture");
        }
        String script = host.debootstrapScript(release.suite(), release.debootstrapScripts())
                .orElseThrow(() -> Failure.of(
                        FailureKind.HOST,
                        "this machine's debootstrap does not know " + release.suite() + ", nor "
                                + String.join(" or ", release.debootstrapScripts()) + ", which would do",
                        "install a newer debootstrap"));
        Path keyring = profile.bootstrap().keyring().orElse(release.keyring());
        if (!host.hasFile(keyring)) {
            throw Failure.of(
                    FailureKind.HOST,
                    "the keyring " + keyring + " is missing, without which the archive's signature cannot be verified",
                    profile.bootstrap().keyring().isPresent()
                            ? "correct bootstrap.keyring (" + profile.where("bootstrap.keyring") + ")"
                            : "apt-get install " + release.keyringPackage());
        }
        return script;
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
}
