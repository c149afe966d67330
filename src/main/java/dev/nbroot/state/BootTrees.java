package dev.nbroot.state;

import dev.nbroot.report.Failure;
import dev.nbroot.system.AtomicFile;
import dev.nbroot.system.StateLock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Every boot tree that was staged from a state directory, also those that {@code stage.yaml} has forgotten: machines may
 * still boot from them. One path a line, for people to delete those that are gone.
 */
public final class BootTrees {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final StateDirectory state;

    /** Works on the list of one state directory. */
    public BootTrees(StateDirectory state) {
        this.state = state;
    }

    /** {@return all of them, absolute; from before there was a list, the one that {@code stage.yaml} names} */
    public List<Path> all() {
        return Files.exists(state.bootTrees())
                ? listed()
                : new StateFiles(state)
                        .stageSettings()
                        .map(StageSettings::tftp)
                        .map(List::of)
                        .orElse(List.of());
    }

    /** Adds a tree that is about to be written. Waits for another nbroot that does the same. */
    public void add(Path tree) {
        if (listed().contains(tree)) {
            return;
        }
        StateLock lock = StateLock.await(state.lock("boot-trees"), "the list of boot trees", PATIENCE);
        try {
            List<Path> trees = new ArrayList<>(all());
            if (!trees.contains(tree)) {
                trees.add(tree);
                StringBuilder lines = new StringBuilder();
                trees.forEach(each -> lines.append(each).append('\n'));
                AtomicFile.write(state.bootTrees(), lines.toString(), "rw-r--r--");
            }
        } finally {
            lock.close();
        }
    }

    private List<Path> listed() {
        try {
            return Files.exists(state.bootTrees())
                    ? Files.readAllLines(state.bootTrees()).stream()
                            .filter(line -> !line.isBlank())
                            .map(Path::of)
                            .toList()
                    : List.of();
        } catch (IOException e) {
            throw Failure.io("read the list of boot trees", state.bootTrees(), e);
        }
    }
}
