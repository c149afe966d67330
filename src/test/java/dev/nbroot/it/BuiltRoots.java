package dev.nbroot.it;

import dev.nbroot.report.Events;
import dev.nbroot.state.ClientRecord;
import dev.nbroot.state.Generations;
import dev.nbroot.state.StateDirectory;
import dev.nbroot.state.StateFiles;
import dev.nbroot.system.Commands;
import dev.nbroot.system.Invocation;
import dev.nbroot.system.MacAddress;
import dev.nbroot.system.Overlays;
import dev.nbroot.system.TreePath;
import dev.nbroot.system.TreeRemoval;
import dev.nbroot.system.linux.LinuxCommands;
import dev.nbroot.system.linux.LinuxOverlays;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A state directory with roots built from {@code profiles/}, shared by all integration tests of a Maven run: a root is
 * built by the first test that needs it. It lies below {@code target}, because an overlay's upper directory may not be on
 * tmpfs or on another overlay.
 */
public final class BuiltRoots {
    private static final Path HOME = Path.of("target/it").toAbsolutePath();

    private final Program program;

    private BuiltRoots(Program program) {
        this.program = program;
    }

    /**
     * {@return the shared state with at least these roots, and without the clients and the boot tree that an earlier test
     * has left}
     */
    public static synchronized BuiltRoots with(String... names) throws IOException {
        Commands commands = new LinuxCommands(Events.none());
        Path key = HOME.resolve(".ssh/id_ed25519");
        if (!Files.exists(key)) {
            Files.createDirectories(key.getParent());
            commands.run(Invocation.of("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key.toString()));
        }
        BuiltRoots roots = new BuiltRoots(new Program(commands, HOME.resolve("state"), HOME));
        TreeRemoval.remove(roots.state().clients());
        Files.deleteIfExists(roots.state().stageFile());
        for (String name : names) {
            roots.program.run("build", "profiles/" + name + ".yaml");
        }
        return roots;
    }

    /** {@return nbroot on the shared state} */
    public Program program() {
        return program;
    }

    /** {@return the private half of the key that the profiles take from the home directory} */
    public Path privateKey() {
        return HOME.resolve(".ssh/id_ed25519");
    }

    /** {@return the tree of a root's current generation} */
    public Path tree(String name) {
        return new Generations(state()).require(name).tree();
    }

    /** {@return where a client's writes land} */
    public Path upper(MacAddress mac) {
        return state().client(mac).resolve("upper");
    }

    /** Writes a file into a client's view while nothing serves it. */
    public void writeIntoView(MacAddress mac, Path inside, byte[] content) throws IOException {
        ClientRecord client = new StateFiles(state()).client(mac).orElseThrow();
        Path lower = state().generation(client.root(), client.generation()).tree();
        Path work = state().client(mac).resolve("work");
        try (Overlays.View view = new LinuxOverlays().open(List.of(lower), upper(mac), work)) {
            Files.write(TreePath.resolve(view.path(), inside), content);
        }
    }

    private StateDirectory state() {
        return new StateDirectory(program.state());
    }
}
