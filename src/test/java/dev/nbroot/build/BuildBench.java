package dev.nbroot.build;

import dev.nbroot.command.BuildOutcome;
import dev.nbroot.command.BuildRoot;
import dev.nbroot.it.BuildHarness;
import dev.nbroot.it.Needs;
import dev.nbroot.it.Profiles;
import dev.nbroot.profile.Profile;
import dev.nbroot.release.BootContract;
import dev.nbroot.report.Events;
import dev.nbroot.state.StateDirectory;
import dev.nbroot.system.Commands;
import dev.nbroot.system.Invocation;
import dev.nbroot.system.Namespaces;
import dev.nbroot.system.TreeRemoval;
import dev.nbroot.system.linux.LinuxCommands;
import dev.nbroot.system.linux.LinuxNamespaces;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Our build against the hand recipe (debootstrap, then apt in a chroot, both on disk) and against mmdebstrap: the same
 * packages from the same mirror, every package file at hand already, in one run. Prints a table; asserts nothing.
 */
@Timeout(3600)
class BuildBench {
    private static final String SUITE = "bookworm";
    private static final int TICKS_PER_SECOND = 100;

    private final Commands commands = new LinuxCommands(Events.none());
    private final List<String> table = new ArrayList<>();

    private interface Work {
        void run() throws IOException;
    }

    @Test
    void compare() throws IOException {
        Needs.root();
        Needs.programs("mmdebstrap");
        Path home = Files.createDirectories(Path.of("target/it").toAbsolutePath());
        Path scratch = Files.createTempDirectory(home, "bench-");
        StateDirectory state = new StateDirectory(home.resolve("state"));
        try {
            Profile profile = Profiles.with(scratch, SUITE, "");
            BuildRoot build = BuildHarness.over(home.resolve("bench-state"), scratch, Events.none());
            Files.createDirectories(home.resolve("bench-state"));
            if (!Files.exists(home.resolve("bench-state/cache"))) {
                Files.createSymbolicLink(home.resolve("bench-state/cache"), Files.createDirectories(state.cache()));
            }
            BuildOutcome first = build.run(profile, false, false);
            Path sources = first.path().resolve("etc/apt/sources.list.d/debian.sources");
            List<AptEntry> entries = AptSourceFiles.stanzas(Files.readString(sources), sources);
            List<String> packages = BuildPlanner.packages(
                    profile, new BootContract().find(SUITE).orElseThrow());
            Path debs = debs(state.cache(), scratch);

            measure("nbroot build", () -> build.run(profile, true, false));
            measure("nbroot build, nothing changed", () -> build.run(profile, false, false));
            Profile changed = Profiles.read(scratch, Profiles.text(SUITE).replace("ada", "grace"));
            measure("nbroot build, a user changed", () -> build.run(changed, false, false));
            measure("debootstrap + apt in a chroot", () -> byHand(scratch, debs, sources, entries, packages));
            measure("mmdebstrap", () -> mmdebstrap(scratch, debs, entries, packages));
        } finally {
            TreeRemoval.remove(scratch);
            TreeRemoval.remove(home.resolve("bench-state"));
        }
        System.out.println();
        System.out.printf("%-32s %10s %10s%n", "build of " + SUITE, "wall s", "CPU s");
        table.forEach(System.out::println);
    }

    /** {@return a directory with the package files of the last build, as apt names them} */
    private static Path debs(Path cache, Path scratch) throws IOException {
        Path debs = Files.createDirectory(scratch.resolve("debs"));
        try (Stream<Path> files = Files.list(cache.resolve("selections"))) {
            for (Path file : files.toList()) {
                Selection selection = CheckedJson.read(file, SelectionCache.Entry.class)
                        .orElseThrow()
                        .selection();
                if (selection.archives().get(0).suite().equals(SUITE)) {
                    new DebPool(cache, Events.none()).link(selection.all(), debs);
                }
            }
        }
        return debs;
    }

    /** What was written before is not this one's to wait for. */
    private void measure(String name, Work work) throws IOException {
        commands.run(Invocation.of("sync"));
        long cpu = ticks();
        long begin = System.nanoTime();
        work.run();
        double wall = (System.nanoTime() - begin) / 1e9;
        table.add(String.format("%-32s %10.2f %10.2f", name, wall, (double) (ticks() - cpu) / TICKS_PER_SECOND));
    }

    /** User and system time of this process and of all its ended children (proc_pid_stat(5), fields 14 to 17). */
    private static long ticks() throws IOException {
        String stat = Files.readString(Path.of("/proc/self/stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        long sum = 0;
        for (int field = 14; field <= 17; field++) {
            sum += Long.parseLong(fields[field - 3]);
        }
        return sum;
    }

    private void byHand(Path scratch, Path debs, Path sources, List<AptEntry> entries, List<String> packages) {
        Path tree = scratch.resolve("hand");
        try (Namespaces.Namespace namespace = new LinuxNamespaces().open()) {
            String script = """
                    set -e
                    umask 022
                    tree=$1 debs=$2 sources=$3 suite=$4 mirror=$5
                    shift 5
                    debootstrap --variant=minbase --cache-dir="$debs" "$suite" "$tree" "$mirror"
                    rm "$tree/etc/apt/sources.list"
                    cp "$sources" "$tree/etc/apt/sources.list.d/"
                    mount --bind "$debs" "$tree/var/cache/apt/archives"
                    mount -t proc proc "$tree/proc"
                    mount -t sysfs -o ro sysfs "$tree/sys"
                    printf '#!/bin/sh\\nexit 101\\n' >"$tree/usr/sbin/policy-rc.d"
                    chmod 755 "$tree/usr/sbin/policy-rc.d"
                    chroot "$tree" apt-get update
                    DEBIAN_FRONTEND=noninteractive chroot "$tree" apt-get install -y --no-install-recommends "$@"
                    """;
            List<String> argv = new ArrayList<>(List.of(
                    "sh",
                    "-c",
                    script,
                    "sh",
                    tree.toString(),
                    debs.toString(),
                    sources.toString(),
                    SUITE,
                    entries.get(0).uri()));
            argv.addAll(packages);
            commands.run(namespace.inside(Invocation.of(argv)));
        }
    }

    private void mmdebstrap(Path scratch, Path debs, List<AptEntry> entries, List<String> packages) {
        Path tree = scratch.resolve("mm");
        // The recipe of mmdebstrap(1) for a package cache, with links in place of copies.
        List<String> argv = new ArrayList<>(List.of(
                "mmdebstrap",
                "--variant=minbase",
                "--include=" + String.join(",", packages),
                "--skip=download/empty,essential/unlink",
                "--setup-hook=mkdir -p \"$1/var/cache/apt/archives\" && cp --link " + debs
                        + "/*.deb \"$1/var/cache/apt/archives/\"",
                SUITE,
                tree.toString()));
        argv.addAll(entries.stream()
                .map(entry -> "deb " + entry.uri() + " " + entry.suite() + " "
                        + entry.components().stream().collect(Collectors.joining(" ")))
                .toList());
        try (Namespaces.Namespace namespace = new LinuxNamespaces().open()) {
            commands.run(namespace.inside(Invocation.of(argv)));
        }
    }
}
