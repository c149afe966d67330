package dev.nbroot.build;

import dev.nbroot.report.Event;
import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import dev.nbroot.system.Invocation;
import dev.nbroot.system.Namespaces;
import dev.nbroot.system.TreeRemoval;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/** Gets the layer with all packages installed: from the cache, or made in namespaces of its own. */
final class LayerBuilder {
    private static final long NEARLY_NOTHING_KIB = 32 * 1024;
    private static final String DAMAGED = "the cached layer is not what it was, making it anew: ";

    private final LayerStore store;
    private final Namespaces namespaces;
    private final Function<SiteRequest, BuildSite> sites;
    private final StepClock clock;

    /**
     * Where to work.
     *
     * @param tree gets the root
     * @param namespace in which
     */
    record SiteRequest(Path tree, Namespaces.Namespace namespace) {}

    LayerBuilder(LayerStore store, Namespaces namespaces, Function<SiteRequest, BuildSite> sites, StepClock clock) {
        this.store = store;
        this.namespaces = namespaces;
        this.sites = sites;
        this.clock = clock;
    }

    /**
     * What is wanted.
     *
     * @param foundation makes it
     * @param fetch gets the package files
     * @param settings how apt behaves in hooks
     * @param epoch the user's SOURCE_DATE_EPOCH; absent: that of the newest package
     * @param fresh whether cached layers are left alone
     * @param memory bytes that may be used to build in; 0 for none
     */
    record Order(
            Foundation foundation,
            FetchPackages fetch,
            AptSettings settings,
            OptionalLong epoch,
            boolean fresh,
            long memory) {}

    /**
     * {@return the packages layer}
     *
     * @param work a directory on the state's file system
     */
    LayerStore.Layer get(Order order, Findings findings, Path work) {
        Foundation foundation = order.foundation();
        LayerInputs base = foundation.base(findings.selection(), order.epoch());
        LayerInputs packages = foundation.packages(base, findings.selection());
        if (!order.fresh()) {
            Optional<LayerStore.Layer> hit = store.find(packages);
            if (hit.isPresent()) {
                foundation.steps().forEach(clock::cached);
                findings.date(hit.get().facts().epoch());
                return hit.get();
            }
        }
        Optional<LayerStore.Layer> below = order.fresh() ? Optional.empty() : store.find(base);
        if (order.memory() > 0) {
            clock.tell(new Event.Notice(Event.Level.DETAIL, "building in memory"));
            try {
                return attempt(order, base, packages, below, work.resolve("memory"));
            } catch (MemoryFull full) {
                clock.tell(new Event.Notice(
                        Event.Level.WARNING, "the root does not fit in memory; building it again on disk"));
            }
        }
        Order onDisk = new Order(foundation, order.fetch(), order.settings(), order.epoch(), order.fresh(), 0);
        return attempt(onDisk, base, packages, below, work.resolve("disk"));
    }

    /** The tree filled its tmpfs: the estimate was too low. */
    private static final class MemoryFull extends RuntimeException {
        private static final long serialVersionUID = 1L;

        MemoryFull(Failure cause) {
            super(cause);
        }
    }

    private LayerStore.Layer attempt(
            Order order, LayerInputs base, LayerInputs packages, Optional<LayerStore.Layer> below, Path tree) {
        try (Namespaces.Namespace namespace = namespaces.open()) {
            BuildSite site = sites.apply(new SiteRequest(WorkDirectory.directory(tree), namespace));
            try {
                if (order.memory() > 0) {
                    site.script("mount-memory.sh", tree.toString(), Long.toString(order.memory()));
                }
                boolean reused = below.isPresent() && restore(site, below.get());
                fetch(site, order, reused);
                makeBase(site, order, reused);
                if (!reused) {
                    save(site, base);
                }
                date(site, order, site.findings().selection().packages());
                clock.perform(order.foundation().sources(), site);
                order.foundation().essential().forEach(step -> clock.perform(step, site));
                clock.perform(order.foundation().install(), site);
                site.endProcesses()
                        .forEach(command -> site.warn("a package or hook has left this running: " + command));
                LayerStore.Layer[] layer = new LayerStore.Layer[1];
                clock.run(Phase.SAVE, () -> layer[0] = save(site, packages));
                return layer[0];
            } catch (Failure failure) {
                site.newLayers().keep(site, failure);
                if (order.memory() > 0 && failure.kind() != FailureKind.INTERRUPTED && isFull(site, failure)) {
                    throw new MemoryFull(failure);
                }
                throw failure;
            }
        } finally {
            // The space is needed for the copy, and a second attempt must begin with nothing.
            TreeRemoval.remove(tree);
        }
    }

    private boolean restore(BuildSite site, LayerStore.Layer layer) {
        boolean whole = LayerTree.restore(site, layer);
        if (whole) {
            site.findings().date(layer.facts().epoch());
        } else {
            clock.tell(new Event.Notice(
                    Event.Level.INFO, DAMAGED + layer.facts().inputs().kind()));
            site.newLayers().discard(layer);
            site.run(Invocation.of("find", site.tree().toString(), "-mindepth", "1", "-delete"));
        }
        return whole;
    }

    private void fetch(BuildSite site, Order order, boolean reused) {
        Selection selection = site.findings().selection();
        clock.run(
                order.fetch().phase(),
                () -> order.fetch()
                        .perform(site, reused ? selection.packages() : selection.all(), ChoosePackages.host(site)));
    }

    private void makeBase(BuildSite site, Order order, boolean reused) {
        Foundation foundation = order.foundation();
        site.script("mount-early.sh", site.tree().toString());
        if (reused) {
            foundation.setup().forEach(clock::cached);
            clock.cached(foundation.bootstrap());
        } else {
            date(site, order, site.findings().selection().system());
            foundation.setup().forEach(step -> clock.perform(step, site));
            clock.perform(foundation.bootstrap(), site);
        }
        new OpenRoot(order.settings(), PrepareApt.ANYBODY).perform(site);
    }

    /** What is made from now on is as old as the newest package so far: a property of the packages alone. */
    private static void date(BuildSite site, Order order, List<Deb> debs) {
        site.findings()
                .date(order.epoch().orElseGet(() -> Math.max(site.findings().epoch(), newest(site, debs))));
    }

    private static long newest(BuildSite site, List<Deb> debs) {
        return debs.stream()
                .map(deb -> site.archives().resolve(deb.fileName()))
                .filter(Files::exists)
                .flatMap(file -> Deb.made(file).stream())
                .max(Long::compare)
                .orElse(0L);
    }

    private LayerStore.Layer save(BuildSite site, LayerInputs inputs) {
        Path making = store.begin(inputs);
        try {
            String fingerprint = LayerTree.save(site, LayerStore.Layer.archive(making));
            return site.newLayers()
                    .add(
                            making,
                            new LayerStore.Facts(
                                    inputs, fingerprint, site.findings().epoch()));
        } catch (Failure failure) {
            // On a full disk it is what takes the space.
            TreeRemoval.remove(making);
            throw failure;
        }
    }

    /** A command that filled it may have taken its file back; what is fetched and saved goes to the disk. */
    private static boolean isFull(BuildSite site, Failure failure) {
        boolean inTree =
                failure.kind() == FailureKind.COMMAND && !failure.getMessage().startsWith("save-layer.sh");
        if (inTree && FullDisk.isSaid(failure)) {
            return true;
        }
        String free = site.run(Invocation.of("df", "--output=avail", site.tree().toString()))
                .text()
                .replaceAll("\\D", "");
        return Long.parseLong(free) < NEARLY_NOTHING_KIB;
    }
}
