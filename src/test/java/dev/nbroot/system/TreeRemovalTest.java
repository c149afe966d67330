package dev.nbroot.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nbroot.report.Events;
import dev.nbroot.system.linux.LinuxCommands;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TreeRemovalTest {
    @TempDir
    Path work;

    @Test
    void pathsLongerThanAnyCallTakesAreDeletedToo() throws IOException {
        Path tree = work.resolve("tree");
        // As a removal that was killed leaves it, or a machine may name it.
        Files.createDirectories(tree.resolve(".deep-0/part"));
        String name = "n".repeat(200);
        new LinuxCommands(Events.none())
                .run(Invocation.of(
                        "bash",
                        "-c",
                        "mkdir -p \"$1\" && cd \"$1\" && for i in {1..70}; do mkdir " + name + " && cd " + name
                                + " && echo $i >file || exit 1; done 2>/dev/null",
                        "deep",
                        tree.toString()));

        TreeRemoval.remove(tree);

        assertThat(Files.exists(tree)).isFalse();
    }

    @Test
    void whatIsNotThereIsDeletedAlready() {
        TreeRemoval.remove(work.resolve("nothing"));
        assertThat(work).isEmptyDirectory();
    }
}
