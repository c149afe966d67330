package dev.nbroot.build;

import dev.nbroot.profile.Profile;
import dev.nbroot.report.Event;
import dev.nbroot.report.Events;
import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import dev.nbroot.state.Manifest;
import dev.nbroot.state.StateDirectory;
import dev.nbroot.system.Commands;
import dev.nbroot.system.Host;
import dev.nbroot.system.Invocation;
import dev.nbroot.system.Namespaces;
import dev.nbroot.system.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Performs a plan in namespaces of its own and leaves a finished tree, kernel and initrd in the work directory.
 *
 * <p>Whatever ends it, the mounts and processes go with the namespaces; only the work directory stays, which the next
 * build of the root deletes.
 */
public final class BuildRunner {
    private static final long NEARLY_NOTHING_KIB = 32 * 1024;

    private final StateDirectory state;
    private final Namespaces namespaces;
    private final Host host;
    private final Commands commands;
    private final Events events;

    /**
     * Makes a runner.
     *
     * @param commands must tell its output to {@code events}
     */
    public BuildRunner(StateDirectory state, Namespaces namespaces, Host host, Commands commands, Events events) {
        this.state = state;
        this.namespaces = namespaces;
        this.host = host;
        this.commands = commands;
        this.events = events;
    }

    /**
     * What came out.
     *
     * @param directory has root/ and boot/, all on disk; the manifest is missing yet
     * @param kernel the kernel's version
     * @param hashes SHA-256 of vmlinuz and initrd
     * @param packages what is installed
     * @param steps what was done
     */
    public record Result(
            Path directory,
            String kernel,
            Map<String, String> hashes,
            List<Manifest.InstalledPackage> packages,
            List<Manifest.Step> steps) {
        /** Copies the collections. */
        public Result {
            hashes = Map.copyOf(hashes);
            packages = List.copyOf(packages);
            steps = List.copyOf(steps);
        }
    }

    /**
     * Performs a plan.
     *
     * @param work an empty directory on the state's file system
     * @throws Failure at the first step that fails; of kind {@code INTERRUPTED} when the thread is interrupted
     */
    public Result run(BuildPlan plan, Path work) {
        // Half as much again as the estimate must fit, or the machine would rather swap than build.
        boolean fits = plan.size() * 3 / 2 < host.memoryAvailable();
        if (fits) {
            events.on(new Event.Notice(Event.Level.DETAIL, "building in memory"));
            try {
                return attempt(plan, directory(work.resolve("memory")), true);
            } catch (MemoryFull full) {
                events.on(new Event.Notice(
                        Event.Level.WARNING, "the root does not fit in memory; building it again on disk"));
            }
        }
        return attempt(plan, directory(work.resolve("disk")), false);
    }

    /** The tree filled its tmpfs: the estimate was too low. */
    private static final class MemoryFull extends RuntimeException {
        private static final long serialVersionUID = 1L;

        MemoryFull(Failure cause) {
            super(cause);
        }
    }

    private Result attempt(BuildPlan plan, Path work, boolean inMemory) {
        DebCache cache = new DebCache(state, plan.profile().bootstrap().architecture());
        List<Manifest.Step> done = new ArrayList<>();
        try (Namespaces.Namespace namespace = namespaces.open()) {
            BuildSite site = new BuildSite(work, namespace, cache, commands, events);
            Path archives = directory(site.archives());
            cache.fill(archives);
            site.script("mount-early.sh", directory(site.tree()).toString(), inMemory ? memory() : "");
            try {
                for (BuildStep step : plan.steps()) {
                    timed(step.id(), step.title(), done, () -> step.perform(site));
                }
            } catch (Failure failure) {
                if (inMemory && failure.kind() != FailureKind.INTERRUPTED && isFull(site)) {
                    throw new MemoryFull(failure);
                }
                throw failure;
            } finally {
                cache.keep(archives);
            }
            KernelFiles kernel = KernelFiles.find(site, plan.profile());
            List<Manifest.InstalledPackage> packages = packages(site);
            timed("copy", "Write the tree to disk", done, () -> copyOut(site, plan.profile(), kernel));
            Path out = work.resolve("out");
            return new Result(out, kernel.version(), hashes(out.resolve("boot")), packages, done);
        }
    }

    /** {@return the size of the tmpfs, for tmpfs(5)} */
    private String memory() {
        return Long.toString(host.memoryAvailable() * 3 / 4);
    }

    private static boolean isFull(BuildSite site) {
        String free = site.run(Invocation.of("df", "--output=avail", site.tree().toString()))
                .text()
                .replaceAll("\\D", "");
        return Long.parseLong(free) < NEARLY_NOTHING_KIB;
    }

    private static void copyOut(BuildSite site, Profile profile, KernelFiles kernel) {
        Path out = directory(site.work().resolve("out"));
        Path boot = directory(out.resolve("boot"));
        Path tree = out.resolve("root");
        site.script("copy-out.sh", site.tree().toString(), tree.toString());
        copy(kernel.image(), boot.resolve("vmlinuz"));
        copy(site.file(MakeInitrd.path(kernel.version())), boot.resolve("initrd"));
        site.run(Invocation.of("sync", "--file-system", out.toString()));
    }

    private static void copy(Path from, Path to) {
        try {
            Files.copy(from, to);
            Files.setPosixFilePermissions(to, PosixFilePermissions.fromString("rw-r--r--"));
        } catch (IOException e) {
            throw Failure.io("copy", from, e);
        }
    }

    private static Map<String, String> hashes(Path boot) {
        return Map.of(
                "vmlinuz", Sha256.of(boot.resolve("vmlinuz")),
                "initrd", Sha256.of(boot.resolve("initrd")));
    }

    private static List<Manifest.InstalledPackage> packages(BuildSite site) {
        return site
                .chroot(
                        "dpkg-query",
                        "--show",
                        "--showformat=${db:Status-Abbrev} ${Package} ${Version} ${Architecture}\\n")
                .lines()
                .stream()
                .map(line -> line.split("\\s+"))
                .filter(words -> words.length == 4 && words[0].endsWith("i"))
                .map(words -> new Manifest.InstalledPackage(words[1], words[2], words[3]))
                .toList();
    }

    private void timed(String id, String title, List<Manifest.Step> done, Runnable work) {
        if (Thread.currentThread().isInterrupted()) {
            throw Failure.of(FailureKind.INTERRUPTED, "interrupted before: " + title, "");
        }
        events.on(new Event.StepStarted(id, title));
        long begin = System.nanoTime();
        work.run();
        Duration took = Duration.ofNanos(System.nanoTime() - begin);
        events.on(new Event.StepFinished(id, took, false));
        done.add(new Manifest.Step(id, took.toMillis() / 1000.0, false));
    }

    private static Path directory(Path path) {
        try {
            Files.createDirectory(path);
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
            return path;
        } catch (IOException e) {
            throw Failure.io("make the directory", path, e);
        }
    }
}
