package dev.nbroot.build;

import dev.nbroot.release.InitrdGenerator;
import dev.nbroot.release.Release;
import dev.nbroot.report.Events;
import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import dev.nbroot.state.Generation;
import dev.nbroot.state.Manifest;
import dev.nbroot.state.StateDirectory;
import dev.nbroot.system.Commands;
import dev.nbroot.system.Invocation;
import dev.nbroot.system.Namespaces;
import dev.nbroot.system.OverlayMount;
import dev.nbroot.system.PosixFiles;
import dev.nbroot.system.tree.EntryPath;
import dev.nbroot.system.tree.TreeChange;
import dev.nbroot.system.tree.TreeComparison;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Makes a tree out of a generation: something is done to a copy-on-write view of it, in namespaces of its own, and what
 * comes out is copied, cleaned and checked as a build is.
 *
 * <p>Whatever ends it, the view and the processes go with the namespaces; only the work directory stays, which the next
 * work on the root deletes.
 */
public final class DerivedRoot {
    private final StateDirectory state;
    private final Namespaces namespaces;
    private final Commands commands;
    private final PosixFiles posix;
    private final Events events;

    /**
     * Makes one.
     *
     * @param commands must tell its output to {@code events}
     */
    public DerivedRoot(
            StateDirectory state, Namespaces namespaces, Commands commands, PosixFiles posix, Events events) {
        this.state = state;
        this.namespaces = namespaces;
        this.commands = commands;
        this.posix = posix;
        this.events = events;
    }

    /**
     * The generation that is worked on.
     *
     * @param manifest its own
     * @param release what it is made of
     * @param apt how this machine's apt reaches archives
     */
    public record Parent(Generation generation, Manifest manifest, Release release, HostApt apt) {}

    /**
     * What came out.
     *
     * @param directory has root/ and boot/, all on disk; the manifest is missing yet
     * @param kernel the kernel's version
     * @param hashes SHA-256 of vmlinuz and initrd
     * @param packages what is installed
     * @param steps what was done
     * @param changes in what it differs from the generation that it was made of
     */
    public record Result(
            Path directory,
            String kernel,
            Map<String, String> hashes,
            List<Manifest.InstalledPackage> packages,
            List<Manifest.Step> steps,
            List<TreeChange> changes) {
        /** Copies the collections. */
        public Result {
            hashes = Map.copyOf(hashes);
            packages = List.copyOf(packages);
            steps = List.copyOf(steps);
            changes = List.copyOf(changes);
        }
    }

    /**
     * Works.
     *
     * @param directory an empty directory on the state's file system
     * @param publish is given what came out, while a view that {@code work} took is still held; not called when nothing
     *     differs
     * @return whether anything differs
     * @throws Failure when the work or a step after it fails; then nothing has been published
     */
    public boolean run(Parent parent, RootWork work, Path directory, Consumer<Result> publish) {
        for (String name : List.of("archives", "lists", "upper", "overlay", "view", "tree")) {
            WorkDirectory.directory(directory.resolve(name));
        }
        Path out = WorkDirectory.directory(directory.resolve("out"));
        StepClock clock = new StepClock(events);
        ProfileFacts facts = new ProfileFacts(parent.manifest().profile());
        AptSettings settings = facts.settings(parent.apt());
        try (Namespaces.Namespace namespace = namespaces.open()) {
            BuildSite site = new BuildSite(
                    directory,
                    directory.resolve("tree"),
                    namespace,
                    state.cache(),
                    new Findings(true),
                    commands,
                    events);
            Path base = base(site, parent, work);
            OverlayMount overlay =
                    new OverlayMount(List.of(base), directory.resolve("upper"), directory.resolve("overlay"));
            site.run(overlay.mounting(site.tree()));
            site.script("mount-early.sh", site.tree().toString());
            new OpenRoot(settings, facts.hostname()).perform(site);
            site.chrootScript("guard-on.sh");
            work.perform(site, clock);
            Initrd initrd = initrd(site, parent, facts, clock, changes(site, parent, base, work));
            clock.perform(new CleanTree(), site);
            List<TreeChange> changes = changes(site, parent, base, work);
            if (changes.isEmpty()) {
                return false;
            }
            clock.perform(new CheckTree(settings.proxy()), site);
            clock.run(Phase.WRITE, () -> finish(site, out, initrd));
            publish.accept(new Result(
                    out,
                    initrd.kernel().version(),
                    BootFiles.in(out).hashes(),
                    packages(out.resolve("root")),
                    clock.done(),
                    changes));
            return true;
        } catch (Failure failure) {
            throw FullDisk.explain(failure, directory);
        }
    }

    /** {@return the layer that the work is done over} */
    private static Path base(BuildSite site, Parent parent, RootWork work) {
        if (work.view().isEmpty()) {
            return parent.generation().tree();
        }
        Path view = site.work().resolve("view");
        site.run(work.view().get().mounting(view));
        return view;
    }

    /** What the two layers of a view that became a root differ in is as much as is needed: not all of it need differ. */
    private List<TreeChange> changes(BuildSite site, Parent parent, Path base, RootWork work) {
        Path upper = site.work().resolve("upper");
        Path index = site.work().resolve("overlay/index");
        if (work.view().isEmpty()) {
            return new TreeComparison(posix, names -> {}).compareLayer(base, upper, index);
        }
        return new TreeComparison(posix, names -> {})
                .compare(parent.generation().tree(), plain(site));
    }

    /** {@return the tree without what is mounted in it} */
    private static Path plain(BuildSite site) {
        Path plain = site.work().resolve("plain");
        if (!Files.isDirectory(plain)) {
            WorkDirectory.directory(plain);
            site.run(Invocation.of("mount", "--bind", site.tree().toString(), plain.toString()));
        }
        return site.outside(plain);
    }

    /**
     * What machines boot with.
     *
     * @param image a path of this process
     */
    private record Initrd(KernelFiles kernel, Path image) {}

    private static Initrd initrd(
            BuildSite site, Parent parent, ProfileFacts facts, StepClock clock, List<TreeChange> changes) {
        Manifest manifest = parent.manifest();
        KernelFiles kernel = KernelFiles.again(site, parent.generation(), manifest, facts);
        InitrdGenerator generator = InitrdGenerator.named(manifest.generator())
                .orElseThrow(() -> Failure.of(
                        FailureKind.INVALID_INPUT,
                        parent.generation().label() + " has an initrd made by '" + manifest.generator()
                                + "', which nbroot does not know",
                        "build the root anew"));
        Predicate<String> goesInto =
                hasOwnHooks(site) ? ReuseInitrd.anythingLasting() : ReuseInitrd.goesInto(generator);
        boolean same = kernel.version().equals(manifest.kernel())
                && changes.stream()
                        .map(TreeChange::path)
                        .map(EntryPath::bytes)
                        .filter(path -> !isGuard(path))
                        .noneMatch(goesInto);
        if (same) {
            return new Initrd(kernel, parent.generation().initrd());
        }
        clock.run(
                "initramfs",
                "Make the initrd",
                () -> MakeInitrd.make(site, facts.maker(generator, parent.release()), facts.extraModules(), kernel));
        return new Initrd(kernel, site.file(MakeInitrd.path(kernel.version())));
    }

    /** A hook of the root's own may put anything into the initrd. */
    private static boolean hasOwnHooks(BuildSite site) {
        for (String place :
                List.of("/etc/initramfs-tools/hooks", "/etc/initramfs-tools/scripts", "/etc/dracut.conf.d")) {
            Path directory = site.file(place);
            if (!Files.isDirectory(directory)) {
                continue;
            }
            try (Stream<Path> files = Files.walk(directory)) {
                if (files.anyMatch(file -> !Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)
                        && !file.getFileName().toString().contains("nbroot"))) {
                    return true;
                }
            } catch (IOException e) {
                throw Failure.io("look for hooks in", directory, e);
            }
        }
        return false;
    }

    /** What keeps services from starting is there only while this works. */
    private static boolean isGuard(String path) {
        return path.matches("usr/sbin/policy-rc\\.d|(usr/)?sbin/start-stop-daemon(\\.REAL)?");
    }

    private static void finish(BuildSite site, Path out, Initrd initrd) {
        BootFiles.in(out).put(initrd.kernel().image(), initrd.image());
        site.script("copy-tree.sh", site.tree().toString(), out.resolve("root").toString());
        site.run(Invocation.of("sync", "--file-system", out.toString()));
    }

    private static List<Manifest.InstalledPackage> packages(Path tree) {
        List<Manifest.InstalledPackage> packages = new ArrayList<>();
        DpkgDatabase.installed(tree)
                .forEach(one ->
                        packages.add(new Manifest.InstalledPackage(one.name(), one.version(), one.architecture())));
        return packages;
    }
}
