package dev.nbroot.command;

import dev.nbroot.report.Failure;
import dev.nbroot.stage.NamedGenerations;
import dev.nbroot.state.BootTrees;
import dev.nbroot.state.ClientRecord;
import dev.nbroot.state.Generation;
import dev.nbroot.state.Generations;
import dev.nbroot.state.StateDirectory;
import dev.nbroot.state.StateFiles;
import dev.nbroot.state.Use;
import dev.nbroot.state.Uses;
import dev.nbroot.system.TreeRemoval;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Why generations must not be dropped, as it was at one moment. What cannot be looked at is a failure, not a no. */
final class GenerationNeeds {
    private static final int SHOWN = 3;

    private final Uses uses;
    private final Map<Generation, List<String>> reasons = new LinkedHashMap<>();

    private GenerationNeeds(Uses uses) {
        this.uses = uses;
    }

    /**
     * Looks.
     *
     * @throws Failure of kind {@code INVALID_INPUT} when a client's file or a boot tree's record cannot be understood;
     *     {@code FAILED} when a boot tree is not there, or at an I/O error
     */
    static GenerationNeeds look(StateDirectory state, Instant now) {
        GenerationNeeds needs = new GenerationNeeds(new Uses(state));
        Generations generations = new Generations(state);
        for (String root : generations.names()) {
            generations.current(root).ifPresent(current -> needs.add(current, "it is current"));
        }
        for (Path tree : new BootTrees(state).all()) {
            NamedGenerations.of(tree, state, now)
                    .forEach(named -> needs.add(named, "machines can boot it from " + tree));
        }
        for (ClientRecord client : new StateFiles(state).clients()) {
            if (client.mode().hasView()) {
                needs.add(generations.bootedBy(client), "the files of " + client.hostname() + " lie over it");
            }
        }
        return needs;
    }

    private void add(Generation generation, String reason) {
        reasons.computeIfAbsent(generation, any -> new ArrayList<>()).add(reason);
    }

    /** {@return why a generation is needed, empty when it is not; its uses are looked at now} */
    List<String> of(Generation generation) {
        List<String> found = new ArrayList<>(reasons.getOrDefault(generation, List.of()));
        List<Use> users = uses.of(generation);
        if (!users.isEmpty()) {
            String others = users.size() > SHOWN ? " and " + (users.size() - SHOWN) + " more" : "";
            found.add("machines use it: "
                    + users.stream().limit(SHOWN).map(Use::address).collect(Collectors.joining(", "))
                    + others);
        }
        found.addAll(uses.holders(generation));
        if (uses.incomplete()) {
            found.add("nbroot serve could not note what machines use");
        }
        mounts(generation).forEach(mount -> found.add("something is mounted at " + mount));
        return found;
    }

    private static List<Path> mounts(Generation generation) {
        try {
            return Files.isDirectory(generation.directory())
                    ? TreeRemoval.mountsIn(generation.directory().toRealPath())
                    : List.of();
        } catch (IOException e) {
            throw Failure.io("look what is mounted in", generation.directory(), e);
        }
    }
}
