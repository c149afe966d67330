package dev.nbroot.command;

import dev.nbroot.report.Failure;
import dev.nbroot.state.BootTrees;
import dev.nbroot.state.StageSettings;
import dev.nbroot.state.StateDirectory;
import dev.nbroot.state.StateFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Knows which boot tree changes with what is built, cloned and installed: the one that was staged last. */
record FollowedTree(StateDirectory state) {
    private static final String EVERYWHERE = "0.0.0.0";

    /**
     * {@return what to say to who serves another one}
     *
     * @param address the server's own; 0.0.0.0 is all of them
     */
    Optional<String> caution(Path served, String address) {
        Optional<StageSettings> last = new StateFiles(state).stageSettings();
        boolean ours = new BootTrees(state).all().stream().anyMatch(tree -> isSame(tree, served));
        return last.filter(settings -> ours && !isSame(settings.tftp(), served))
                .map(settings ->
                        "the boot tree " + served + " stays as it is, whatever is built, cloned or installed on a"
                                + " machine, because " + settings.tftp()
                                + " was staged after it; to have this one follow: nbroot stage"
                                + " --tftp " + served + " --server "
                                + (address.equals(EVERYWHERE) ? settings.server() : address));
    }

    private static boolean isSame(Path one, Path other) {
        try {
            return real(one).equals(real(other));
        } catch (IOException e) {
            throw Failure.io("find", other, e);
        }
    }

    private static Path real(Path tree) throws IOException {
        return Files.exists(tree) ? tree.toRealPath() : tree.toAbsolutePath().normalize();
    }
}
