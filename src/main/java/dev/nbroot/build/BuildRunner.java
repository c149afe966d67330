package dev.nbroot.build;

import dev.nbroot.report.Events;
import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import dev.nbroot.state.Manifest;
import dev.nbroot.state.StateDirectory;
import dev.nbroot.system.Commands;
import dev.nbroot.system.Host;
import dev.nbroot.system.Invocation;
import dev.nbroot.system.Namespaces;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Performs a plan in namespaces of its own and leaves a finished tree, kernel and initrd in the work directory.
 *
 * <p>Every root is a copy of its packages layer that is then made what the profile says, whether the layer was in the
 * cache or has just been made: so a cached layer cannot make another root than a new one.
 *
 * <p>Whatever ends it, the mounts and processes go with the namespaces; only the work directory stays, which the next
 * build of the root deletes.
 */
public final class BuildRunner {
    private static final int TRIES = 2;

    private final StateDirectory state;
    private final Namespaces namespaces;
    private final Host host;
    private final Commands commands;
    private final Events events;
    private final OptionalLong epoch;

    /**
     * Makes a runner.
     *
     * @param commands must tell its output to {@code events}
     * @param epoch the user's SOURCE_DATE_EPOCH, in seconds; absent: that of the newest package
     */
    public BuildRunner(
            StateDirectory state,
            Namespaces namespaces,
            Host host,
            Commands commands,
            Events events,
            OptionalLong epoch) {
        this.state = state;
        this.namespaces = namespaces;
        this.host = host;
        this.commands = commands;
        this.events = events;
        this.epoch = epoch;
    }

    /**
     * What came out.
     *
     * @param directory has root/ and boot/, all on disk; the manifest is missing yet
     * @param kernel the kernel's version
     * @param hashes SHA-256 of vmlinuz and initrd
     * @param packages what is installed
     * @param steps what was done
     * @param epoch no file is newer than this second since 1970
     * @param origins where the package files came from, by {@code NAME:ARCHITECTURE}
     */
    public record Result(
            Path directory,
            String kernel,
            Map<String, String> hashes,
            List<Manifest.InstalledPackage> packages,
            List<Manifest.Step> steps,
            long epoch,
            Map<String, SpdxDocument.Origin> origins) {
        /** Copies the collections. */
        public Result {
            hashes = Map.copyOf(hashes);
            packages = List.copyOf(packages);
            steps = List.copyOf(steps);
            origins = Map.copyOf(origins);
        }
    }

    /**
     * Performs a plan.
     *
     * @param work an empty directory on the state's file system
     * @param fresh whether everything is made anew, whatever the cache has
     * @throws Failure at the first step that fails; of kind {@code INTERRUPTED} when the thread is interrupted
     */
    public Result run(BuildPlan plan, Path work, boolean fresh) {
        Findings findings = new Findings(fresh);
        StepClock clock = new StepClock(events);
        WorkDirectory.restrict(state.cache());
        for (String name : List.of("archives", "lists")) {
            WorkDirectory.directory(work.resolve(name));
        }
        Path out = WorkDirectory.directory(work.resolve("out"));
        LayerStore store = new LayerStore(state.cache(), events);
        try (NewLayers layers = new NewLayers(store, fresh);
                Namespaces.Namespace namespace = namespaces.open()) {
            Function<LayerBuilder.SiteRequest, BuildSite> sites = request -> new BuildSite(
                    work, request.tree(), request.namespace(), state.cache(), findings, layers, commands, events);
            BuildSite site = sites.apply(new LayerBuilder.SiteRequest(out.resolve("root"), namespace));
            try {
                return perform(plan, site, new LayerBuilder(store, namespaces, sites, clock), clock);
            } catch (Failure failure) {
                layers.keep(site, failure);
                throw failure;
            }
        } catch (Failure failure) {
            throw FullDisk.explain(failure, work);
        }
    }

    private Result perform(BuildPlan plan, BuildSite site, LayerBuilder layers, StepClock clock) {
        plan.choice().forEach(step -> clock.perform(step, site));
        copyLayer(plan, site, layers, clock);
        site.script("mount-early.sh", site.tree().toString());
        new OpenRoot(plan.settings(), plan.profile().hostname()).perform(site);
        plan.finish().forEach(step -> clock.perform(step, site));
        KernelFiles kernel = KernelFiles.find(site, plan.profile());
        List<Manifest.InstalledPackage> packages = packages(site);
        Path out = site.tree().getParent();
        clock.run(Phase.WRITE, () -> finish(site, out, kernel));
        Findings findings = site.findings();
        return new Result(
                out,
                kernel.version(),
                BootFiles.in(out).hashes(),
                packages,
                clock.done(),
                findings.epoch(),
                origins(findings.selection()));
    }

    private static Map<String, SpdxDocument.Origin> origins(Selection selection) {
        return selection.all().stream()
                .collect(Collectors.toMap(
                        deb -> deb.name() + ":" + deb.architecture(),
                        deb -> new SpdxDocument.Origin(deb.sha256(), deb.uri()),
                        (first, second) -> second));
    }

    /** Somebody may delete the cache just when the layer is copied; then it is made again. */
    private void copyLayer(BuildPlan plan, BuildSite site, LayerBuilder layers, StepClock clock) {
        Findings findings = site.findings();
        for (int i = 0; i < TRIES; i++) {
            LayerStore.Layer layer = layers.get(order(plan, findings), findings, site.work());
            WorkDirectory.directory(site.tree());
            boolean[] whole = new boolean[1];
            clock.run(Phase.COPY, () -> whole[0] = LayerTree.restore(site, layer));
            if (whole[0]) {
                findings.buildOn(layer);
                ReuseInitrd.remember(site);
                return;
            }
            site.newLayers().discard(layer);
            site.run(Invocation.of("rm", "-rf", "--one-file-system", site.tree().toString()));
        }
        throw Failure.of(
                FailureKind.FAILED,
                "a layer of the cache was changed or deleted while it was copied, twice",
                "does something else work in " + state.cache() + "?");
    }

    private LayerBuilder.Order order(BuildPlan plan, Findings findings) {
        // Half as much again as the estimate must fit, or the machine would rather swap than build.
        boolean fits = plan.size() * 3 / 2 < host.memoryAvailable();
        return new LayerBuilder.Order(
                plan.foundation(),
                plan.fetch(),
                plan.settings(),
                epoch,
                findings.fresh(),
                fits ? host.memoryAvailable() * 3 / 4 : 0);
    }

    private static void finish(BuildSite site, Path out, KernelFiles kernel) {
        BootFiles.in(out).put(kernel.image(), site.file(MakeInitrd.path(kernel.version())));
        site.script(
                "settle-times.sh",
                site.tree().toString(),
                Long.toString(site.findings().epoch()));
        site.run(Invocation.of("sync", "--file-system", out.toString()));
        site.newLayers().publish(site);
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
}
