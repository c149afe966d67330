package dev.nbroot.check;

import dev.nbroot.profile.Profile;
import dev.nbroot.profile.Scratch;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Directories that must not be hidden behind something else, or that would hide what the profile puts into them. */
final class ScratchChecks {
    /** What the machine needs of its root before scratch is there, and what the kernel and systemd mount themselves. */
    private static final List<Path> NEEDED = Stream.of(
                    "/bin",
                    "/boot",
                    "/dev",
                    "/etc",
                    "/lib",
                    "/lib64",
                    "/proc",
                    "/root",
                    "/run",
                    "/sbin",
                    "/sys",
                    "/usr",
                    "/var/lib/dpkg",
                    "/var/lib/nbroot",
                    "/var/lib/systemd",
                    "/var/lock",
                    "/var/run")
            .map(Path::of)
            .toList();

    /** Below these nothing lasts, or nothing can be mounted. */
    private static final List<Path> NOT_OF_THE_ROOT =
            Stream.of("/dev", "/proc", "/run", "/sys", "/var/run").map(Path::of).toList();

    private ScratchChecks() {}

    static void judge(Profile profile, Findings findings) {
        List<Path> directories = profile.scratch().map(Scratch::directories).orElse(List.of());
        for (int i = 0; i < directories.size(); i++) {
            judge("scratch.directories[" + i + "]", directories.get(i), profile, findings);
        }
    }

    private static void judge(String key, Path directory, Profile profile, Findings findings) {
        Stream<Path> homes = profile.users().stream()
                .filter(user -> !user.sshAuthorizedKeys().isEmpty())
                .map(user -> user.home());
        Stream.concat(NEEDED.stream(), homes)
                .filter(needed -> needed.startsWith(directory))
                .findFirst()
                .ifPresent(needed -> findings.error(
                        key,
                        directory + " would hide " + (needed.equals(directory) ? "what the root has there" : needed)
                                + ", which the machine needs",
                        "name the directories of the programs only, as in /var/lib/docker"));
        NOT_OF_THE_ROOT.stream()
                .filter(other -> directory.startsWith(other) && !directory.equals(other))
                .findFirst()
                .ifPresent(other -> findings.error(
                        key,
                        other + " is not of the root file system, so nothing is to be done for it",
                        "leave it out"));
        for (int i = 0; i < profile.writeFiles().size(); i++) {
            Path file = profile.writeFiles().get(i).path();
            if (file.startsWith(directory)) {
                findings.warning(
                        "write_files[" + i + "].path",
                        file + " is hidden on the running machine: scratch lies over " + directory,
                        "write it elsewhere");
            }
        }
    }
}
