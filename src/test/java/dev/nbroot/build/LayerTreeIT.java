package dev.nbroot.build;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nbroot.it.Needs;
import dev.nbroot.report.Events;
import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import dev.nbroot.system.Invocation;
import dev.nbroot.system.Namespaces;
import dev.nbroot.system.linux.LinuxCommands;
import dev.nbroot.system.linux.LinuxNamespaces;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever somebody does to a layer, nobody gets less or other than what was put into it. Needs root, for the namespaces
 * that layers are copied in.
 */
@Timeout(120)
class LayerTreeIT {
    private static final LayerInputs INPUTS = new LayerInputs("base", List.of("less 1"));

    /** Shell commands in a layer's directory. */
    private static final Map<String, String> DAMAGES = new TreeMap<>(Map.of(
            "a byte", "printf X | dd of=tree/etc/passwd bs=1 seek=3 conv=notrunc",
            "a byte, with its old time",
                    "touch -r tree/etc/passwd t; printf X | dd of=tree/etc/passwd bs=1 seek=3 conv=notrunc;"
                            + " touch -r t tree/etc/passwd; touch layer.json",
            "a mode", "chmod 4755 tree/etc/passwd",
            "an owner", "chown 7 tree/etc/passwd",
            "the mode of /", "chmod 700 tree",
            "a removed file", "rm tree/etc/passwd",
            "an added file", "touch tree/added",
            "an exchanged file", "mv tree/etc/passwd p; cp -p p tree/etc/passwd",
            "a link elsewhere", "ln -sfn /etc/shadow tree/link",
            "everything", "rm -r tree"));

    @TempDir
    Path directory;

    private final LinuxCommands commands = new LinuxCommands(Events.none());
    private Namespaces.Namespace namespace;
    private BuildSite site;

    @BeforeEach
    void open() throws IOException {
        Needs.root();
        namespace = new LinuxNamespaces().open();
        site = site("tree");
        Files.createDirectories(site.tree().resolve("etc"));
        Files.writeString(site.tree().resolve("etc/passwd"), "root:x:0:0\n");
        Files.createSymbolicLink(site.tree().resolve("link"), Path.of("etc/passwd"));
    }

    private BuildSite site(String tree) throws IOException {
        return new BuildSite(
                directory,
                Files.createDirectories(directory.resolve(tree)),
                namespace,
                directory.resolve("cache"),
                new Findings(false),
                commands,
                Events.none());
    }

    @AfterEach
    void close() {
        if (namespace != null) {
            namespace.close();
        }
    }

    private LayerStore.Layer save() {
        Path making = site.layers().begin(INPUTS);
        String print = LayerTree.save(site, making.resolve("tree"));
        return site.layers().publish(making, new LayerStore.Facts(INPUTS, print, 7), true);
    }

    @Test
    void whatWasSavedComesBackWhole() throws IOException {
        LayerStore.Layer layer = save();
        for (int i = 0; i < 3; i++) {
            BuildSite copy = site("copy" + i);
            assertThat(LayerTree.restore(copy, layer)).isTrue();
            assertThat(copy.tree().resolve("etc/passwd")).hasContent("root:x:0:0\n");
        }
    }

    @Test
    void everyDamageIsSeen() throws IOException {
        for (Map.Entry<String, String> damage : DAMAGES.entrySet()) {
            LayerStore.Layer layer = save();
            commands.run(Invocation.of("sh", "-ec", damage.getValue()).in(layer.directory()));
            assertThat(LayerTree.restore(site("root-" + damage.getKey()), layer))
                    .as(damage.getKey())
                    .isFalse();
            BuildSite over = site("files-" + damage.getKey());
            assertThat(LayerTree.restoreFiles(over, layer)).as(damage.getKey()).isFalse();
            assertThat(over.tree()).as(damage.getKey()).isEmptyDirectory();
        }
    }

    @Test
    void aCacheThatIsDeletedWhileItIsFilledGivesAWholeLayerOrNone() throws Exception {
        int many = 2000;
        for (int i = 0; i < many; i++) {
            Path file = site.tree().resolve("usr/" + i % 40 + "/" + i);
            Files.createDirectories(file.getParent());
            Files.writeString(file, "content");
        }
        int whole = 0;
        int lost = 0;
        for (int i = 0; i < 12; i++) {
            // It begins at another moment every time.
            String deletes = "sleep 0." + String.format("%02d", i) + "; rm -rf \"$0\" || true";
            Process other = new ProcessBuilder("sh", "-c", deletes, site.cache().toString())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            try {
                save();
            } catch (Failure failure) {
                assertThat(failure.kind()).isIn(FailureKind.FAILED, FailureKind.COMMAND);
                lost++;
            }
            other.waitFor();
            BuildSite copy = site("after" + i);
            Optional<LayerStore.Layer> found = site.layers().find(INPUTS);
            if (found.isPresent() && LayerTree.restore(copy, found.get())) {
                whole++;
                assertThat(commands.run(Invocation.of(
                                        "diff",
                                        "-r",
                                        site.tree().toString(),
                                        copy.tree().toString()))
                                .lines())
                        .isEmpty();
            }
        }
        System.out.println("deleted while filled: " + whole + " whole layers, " + lost + " failures of 12");
        assertThat(save().tree().resolve("etc/passwd")).exists();
    }
}
