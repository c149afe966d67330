package dev.nbroot.command;

import dev.nbroot.report.Event;
import dev.nbroot.report.Events;
import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import dev.nbroot.stage.BootImage;
import dev.nbroot.stage.BootMenu;
import dev.nbroot.stage.BootPlanner;
import dev.nbroot.stage.OwnKernel;
import dev.nbroot.stage.Pxelinux;
import dev.nbroot.stage.PxelinuxLoader;
import dev.nbroot.stage.PxelinuxSource;
import dev.nbroot.stage.StagePlan;
import dev.nbroot.stage.StagedGeneration;
import dev.nbroot.state.ClientMode;
import dev.nbroot.state.ClientRecord;
import dev.nbroot.state.Generation;
import dev.nbroot.state.Generations;
import dev.nbroot.state.SharedTree;
import dev.nbroot.state.StateDirectory;
import dev.nbroot.state.StateFiles;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Plans one run of {@code stage} from what the state directory holds now; may be asked again.
 *
 * <p>What nobody named and cannot be staged is left out with a warning, once per run: one broken root must not keep the
 * machines of all others from what they boot.
 */
final class StagePlanning {
    private final StateDirectory state;
    private final Generations generations;
    private final StateFiles files;
    private final PxelinuxSource pxelinux;
    private final Function<Generation, BootImage> images;
    private final Events events;
    private final StageTarget target;
    private final BootPlanner planner;
    private final Set<String> told = new HashSet<>();

    StagePlanning(
            StateDirectory state,
            PxelinuxSource pxelinux,
            Function<Generation, BootImage> images,
            Events events,
            StageTarget target) {
        this.state = state;
        this.generations = new Generations(state);
        this.files = new StateFiles(state);
        this.pxelinux = pxelinux;
        this.images = images;
        this.events = events;
        this.target = target;
        this.planner = new BootPlanner(state, target.server(), target.nfsPort(), target.httpPort());
    }

    /**
     * A plan.
     *
     * @param current what machines boot that are no clients
     * @param clients those in it
     */
    record Planned(StagePlan plan, List<StagedGeneration> current, List<ClientRecord> clients) {}

    /**
     * Plans.
     *
     * @throws Failure when a root that was named cannot be staged, or none can
     */
    Planned plan() {
        Map<Generation, StagedGeneration> used = new LinkedHashMap<>();
        List<StagedGeneration> current = current(used);
        List<BootMenu> menus = new ArrayList<>();
        menus.add(planner.unknown(current));
        List<ClientRecord> clients = new ArrayList<>();
        List<OwnKernel> kernels = new ArrayList<>();
        for (ClientRecord client : clients()) {
            // A persistent one by its own generation: that the root's newest one is broken does not concern it.
            try {
                Generation generation = generations.bootedBy(client);
                StagedGeneration staged = used.containsKey(generation) ? used.get(generation) : read(generation);
                if (client.mode() == ClientMode.TORAM) {
                    BootPlanner.requireNothingKept(staged);
                    staged = withImage(staged);
                }
                Optional<OwnKernel> own = own(client);
                menus.add(planner.client(client, staged, own));
                own.ifPresent(kernels::add);
                used.put(generation, staged);
                clients.add(client);
            } catch (Failure failure) {
                insist(target.insistsOn(client.root()), failure);
                skip("the client " + client.hostname() + " (" + client.mac().colons() + ")", failure);
            }
        }
        Pxelinux rendering = new Pxelinux(loader(current));
        return new Planned(
                StagePlan.of(menus, List.copyOf(used.values()), kernels, rendering), current, List.copyOf(clients));
    }

    /** Half of it is none: then the machine gets its generation's. */
    private Optional<OwnKernel> own(ClientRecord client) {
        return files.kernel(client)
                .map(kernel -> new OwnKernel(kernel, state.kernels(client.mac()).resolve(kernel.id())))
                .filter(kernel -> {
                    if (!kernel.isReadable()) {
                        tell(client.hostname() + " boots its generation's kernel: " + kernel.directory()
                                + " has not the files of its own");
                    }
                    return kernel.isReadable();
                });
    }

    /** The clients of the roots that are staged, without those whose files are damaged. */
    private List<ClientRecord> clients() {
        List<ClientRecord> clients = new ArrayList<>();
        for (Path file : files.clientFiles()) {
            try {
                clients.add(files.client(file));
            } catch (Failure failure) {
                insist(target.named(), failure);
                skip("a client", failure);
            }
        }
        return clients.stream()
                .filter(client -> client.mode() != ClientMode.SHARED)
                .filter(client -> target.roots().contains(client.root()))
                .toList();
    }

    /** The current generations that can be staged, the default root's first. */
    private List<StagedGeneration> current(Map<Generation, StagedGeneration> used) {
        List<StagedGeneration> current = new ArrayList<>();
        Map<String, Failure> bad = new LinkedHashMap<>();
        for (String root : target.roots()) {
            try {
                StagedGeneration staged = booted(generations.require(root));
                if (staged.isForMemory()) {
                    staged = withImage(staged);
                }
                planner.requireStageable(staged);
                used.put(staged.generation(), staged);
                boolean first = target.defaultRoot().filter(root::equals).isPresent();
                current.add(first ? 0 : current.size(), staged);
            } catch (Failure failure) {
                insist(target.insistsOn(root), failure);
                bad.put(root, failure);
            }
        }
        if (current.isEmpty()) {
            List<Failure> all = List.copyOf(bad.values());
            List<String> others =
                    all.stream().skip(1).map(Failure::getMessage).distinct().toList();
            throw others.isEmpty() ? all.get(0) : all.get(0).withDetails(others);
        }
        bad.forEach((root, failure) -> skip("the root " + root, failure));
        return current;
    }

    /** A shared tree stays with the generation that it lies over. */
    private StagedGeneration booted(Generation current) {
        StagedGeneration staged = read(current);
        if (!staged.isShared()) {
            return staged;
        }
        return files.client(SharedTree.card(current.root()))
                .map(tree -> read(generations.bootedBy(tree)).shared())
                .orElse(staged);
    }

    private StagedGeneration read(Generation generation) {
        StagedGeneration staged = StagedGeneration.of(generation, files.manifest(generation));
        StagePlan.requireFiles(staged);
        return staged;
    }

    private StagedGeneration withImage(StagedGeneration staged) {
        return staged.image().isPresent() ? staged : staged.with(images.apply(staged.generation()));
    }

    /** Any root's release has a boot loader that boots them all. */
    private PxelinuxLoader loader(List<StagedGeneration> current) {
        for (StagedGeneration staged : current.subList(0, current.size() - 1)) {
            try {
                return pxelinux.loader(staged);
            } catch (Failure failure) {
                insist(target.named(), failure);
                tell(failure.getMessage() + "; trying those of another root");
            }
        }
        return pxelinux.loader(current.get(current.size() - 1));
    }

    private static void insist(boolean needed, Failure failure) {
        if (needed || failure.kind() == FailureKind.INTERRUPTED) {
            throw failure;
        }
    }

    private void skip(String what, Failure why) {
        tell("not staged: " + what + ": " + why.getMessage());
    }

    private void tell(String text) {
        if (told.add(text)) {
            events.on(new Event.Notice(Event.Level.WARNING, text));
        }
    }
}
