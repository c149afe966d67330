package dev.nbroot.check;

import dev.nbroot.profile.Boot;
import dev.nbroot.profile.Profile;
import dev.nbroot.profile.Scratch;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Directories that must come from the generation, or cannot come from the server, although the profile says so. */
final class PersistChecks {
    private static final String NARROWER = "name the directories of what writes there, as in /var/lib/postgresql";

    /**
     * What makes a generation what it is. A machine that kept it would go on with the programs, settings and accounts of
     * the generation that it booted first.
     */
    private static final List<Path> OF_THE_GENERATION = paths(
            "/bin",
            "/boot",
            "/etc/systemd",
            "/lib",
            "/lib64",
            "/sbin",
            "/usr/bin",
            "/usr/lib",
            "/usr/sbin",
            "/usr/share",
            "/var/lib/dpkg",
            "/var/lib/nbroot");

    /** File systems of the kernel, and what must be empty after a boot (file-hierarchy(7)). */
    private static final List<Path> NOT_OF_THE_ROOT =
            paths("/dev", "/proc", "/run", "/sys", "/tmp", "/var/lock", "/var/run");

    /** What container engines lay overlays in. */
    private static final List<Path> LAYERS =
            paths("/var/lib/containers", "/var/lib/containerd", "/var/lib/docker", "/var/lib/rancher");

    private PersistChecks() {}

    private static List<Path> paths(String... texts) {
        return Stream.of(texts).map(Path::of).toList();
    }

    static void judge(Profile profile, Findings findings) {
        List<Path> persist = profile.persist();
        if (!persist.isEmpty() && profile.boot().mode() == Boot.Mode.TORAM) {
            findings.error(
                    "persist",
                    "a machine whose root is in memory (boot.mode: toram) needs no server once it runs, so none keeps"
                            + " anything for it",
                    "leave it out, or write boot.mode: stateless");
        }
        for (int i = 0; i < persist.size(); i++) {
            judge("persist[" + i + "]", persist.get(i), profile, findings);
        }
    }

    private static void judge(String key, Path path, Profile profile, Findings findings) {
        first(OF_THE_GENERATION, path)
                .ifPresent(other -> findings.error(
                        key,
                        (path.startsWith(other) ? path : path + " has " + other + " in it, which")
                                + " must be the generation's own: a new generation would change nothing there",
                        NARROWER));
        NOT_OF_THE_ROOT.stream()
                .filter(path::startsWith)
                .findFirst()
                .ifPresent(other ->
                        findings.error(key, other + " is made anew at each boot, so nothing in it is kept", NARROWER));
        first(profile.scratch().map(Scratch::directories).orElse(List.of()), path)
                .ifPresent(other -> findings.error(
                        key, path + " would be hidden: scratch has " + other, "leave it out of the one or the other"));
        LAYERS.stream()
                .filter(other -> path.startsWith(other) || other.startsWith(path))
                .filter(other -> profile.scratch().isEmpty() && path.startsWith(other))
                .findFirst()
                .ifPresent(other -> findings.warning(
                        key,
                        "containers cannot keep their layers in " + path + ", because it is mounted over NFS",
                        "write scratch: disk, or make the client a persistent one with scratch: image"));
        files(key, path, profile, findings);
    }

    /** {@return the first of these that a path has in it, or lies in} */
    private static Optional<Path> first(List<Path> others, Path path) {
        return others.stream()
                .filter(other -> other.startsWith(path) || path.startsWith(other))
                .findFirst();
    }

    private static void files(String key, Path path, Profile profile, Findings findings) {
        for (int i = 0; i < profile.writeFiles().size(); i++) {
            Path file = profile.writeFiles().get(i).path();
            if (file.startsWith(path)) {
                findings.warning(
                        "write_files[" + i + "].path",
                        file + " is in " + path + ", which " + key
                                + " keeps: a client gets it once, and no later version of it",
                        "write it elsewhere, or take it over with: nbroot reset --mac MAC " + path);
            }
        }
    }
}
