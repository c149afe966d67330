package dev.nbroot.build;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nbroot.it.Needs;
import dev.nbroot.it.TreeHash;
import dev.nbroot.report.Events;
import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import dev.nbroot.system.Invocation;
import dev.nbroot.system.Namespaces;
import dev.nbroot.system.TreeRemoval;
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

    private static final String EVERYTHING = """
            mkfifo fifo && mknod node c 1 7 && mknod -m 600 disk b 8 1
            printf x >one && ln one two && ln -s nowhere dangling
            printf x >"-dash" && printf x >"$(printf 'line\\nend')" && printf x >"$(printf '\\377raw')"
            name=$(printf 'n%.0s' $(seq 255)) && mkdir -p "$name/$name" && printf x >"$name/$name/$name"
            printf x >suid && chown 7:8 suid && chmod 6755 suid && mkdir sticky && chmod 1777 sticky
            printf x >cap && printf x >user && printf x >acl
            python3 -c '
            import os, struct
            os.setxattr("cap", "security.capability", bytes.fromhex("0100000200200000000000000000000000000000"))
            os.setxattr("user", "user.note", b"text")
            entries = [(1, 7, -1), (2, 7, 1234), (4, 4, -1), (16, 7, -1), (32, 4, -1)]
            acl = struct.pack("<I", 2) + b"".join(struct.pack("<HHi", *entry) for entry in entries)
            os.setxattr("acl", "system.posix_acl_access", acl)
            '
            truncate -s 64M sparse && printf x >old && touch -d @1.123456789 old && touch -d 1900-01-01 older
            chown 3000000000:4000000000 one && mkdir closed && printf x >closed/in && chmod 0 closed
            """;

    /** Shell commands in a layer's directory. */
    private static final Map<String, String> DAMAGES = new TreeMap<>(Map.of(
            "a byte", "printf X | dd of=tree.tar bs=1 seek=1030 conv=notrunc",
            "a byte, with its old time",
                    "touch -r tree.tar t; printf X | dd of=tree.tar bs=1 seek=1030 conv=notrunc;"
                            + " touch -r t tree.tar; touch layer.json",
            "a mode", "chmod 666 tree.tar",
            "an owner", "chown 7 tree.tar",
            "a removed end", "truncate -s -512 tree.tar",
            "a removed file", "tar --delete -f tree.tar ./etc/passwd",
            "an added file", "touch added; tar -rf tree.tar added",
            "an exchanged archive", "mv tree.tar p; cp -p p tree.tar",
            "a link elsewhere", "mv tree.tar p; ln -s p tree.tar",
            "everything", "rm tree.tar"));

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
        String print = LayerTree.save(site, LayerStore.Layer.archive(making));
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
    void whateverAFileIsItComesBackAsItWas() throws IOException {
        Needs.programs("python3");
        commands.run(Invocation.of("sh", "-ec", EVERYTHING).in(site.tree()));
        LayerStore.Layer layer = save();
        BuildSite copy = site("copy");
        assertThat(LayerTree.restore(copy, layer)).isTrue();
        assertThat(TreeHash.of(copy.tree())).isEqualTo(TreeHash.of(site.tree()));
        assertThat(Files.getAttribute(copy.tree().resolve("one"), "unix:ino"))
                .isEqualTo(Files.getAttribute(copy.tree().resolve("two"), "unix:ino"));
        assertThat((long) Files.getAttribute(copy.tree().resolve("sparse"), "unix:size"))
                .isEqualTo(64L << 20);
        assertThat(commands.run(Invocation.of("du", "--block-size=1M", "sparse").in(copy.tree()))
                        .text())
                .startsWith("0\t");
        assertThat(xattrs(copy.tree())).hasSize(3).isEqualTo(xattrs(site.tree()));
    }

    private List<String> xattrs(Path tree) {
        String print = "import os\nfor file in ('cap', 'user', 'acl'):\n"
                + "    print({name: os.getxattr(file, name) for name in os.listxattr(file)})";
        return commands.run(Invocation.of("python3", "-c", print).in(tree)).lines();
    }

    @Test
    void aCacheThatIsDeletedBeforeItsLayersAppearCostsNothingElse() throws IOException {
        Path making = site.layers().begin(INPUTS);
        String print = LayerTree.save(site, LayerStore.Layer.archive(making));
        site.newLayers().add(making, new LayerStore.Facts(INPUTS, print, 7));
        TreeRemoval.remove(site.cache());
        site.newLayers().publish(site);
        assertThat(site.layers().find(INPUTS)).isEmpty();

        making = site.layers().begin(INPUTS);
        print = LayerTree.save(site, LayerStore.Layer.archive(making));
        LayerStore.Layer layer = site.newLayers().add(making, new LayerStore.Facts(INPUTS, print, 7));
        assertThat(LayerTree.restore(site("early"), layer)).isTrue();
        assertThat(site.layers().find(INPUTS)).as("before it is published").isEmpty();
        site.newLayers().publish(site);
        assertThat(LayerTree.restore(site("late"), site.layers().find(INPUTS).orElseThrow()))
                .isTrue();
    }

    @Test
    void someFilesReplaceWhatIsThereAndLeaveTheRest() throws IOException {
        Files.createDirectories(site.tree().resolve("boot/deep"));
        Files.writeString(site.tree().resolve("boot/deep/initrd"), "new");
        Files.setAttribute(site.tree().resolve("boot"), "unix:mode", 0700);
        Path making = site.layers().begin(INPUTS);
        String print = LayerTree.saveFiles(
                site, LayerStore.Layer.archive(making), List.of("boot", "boot/deep", "boot/deep/initrd"));
        LayerStore.Layer layer = site.layers().publish(making, new LayerStore.Facts(INPUTS, print, 7), true);
        BuildSite other = site("other");
        Files.createDirectories(other.tree().resolve("boot/deep"));
        Files.writeString(other.tree().resolve("boot/deep/initrd"), "older and longer");
        Files.writeString(other.tree().resolve("boot/own"), "stays");
        assertThat(LayerTree.restore(other, layer)).isTrue();
        assertThat(other.tree().resolve("boot/deep/initrd")).hasContent("new");
        assertThat(other.tree().resolve("boot/own")).hasContent("stays");
        assertThat(other.tree().resolve("etc")).doesNotExist();
        assertThat(Files.getAttribute(other.tree().resolve("boot"), "unix:mode"))
                .isEqualTo(040700);
    }

    @Test
    void everyDamageIsSeen() throws IOException {
        for (Map.Entry<String, String> damage : DAMAGES.entrySet()) {
            LayerStore.Layer layer = save();
            commands.run(Invocation.of("sh", "-ec", damage.getValue()).in(layer.directory()));
            BuildSite root = site("root-" + damage.getKey());
            assertThat(LayerTree.restore(root, layer)).as(damage.getKey()).isFalse();
            assertThat(root.tree()).as(damage.getKey()).isEmptyDirectory();
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
        assertThat(save().archive()).exists();
    }
}
