package dev.nbroot.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nbroot.report.Events;
import dev.nbroot.state.SharedTree;
import dev.nbroot.state.StateDirectory;
import dev.nbroot.system.DiskUsage;
import dev.nbroot.system.MacAddress;
import dev.nbroot.system.linux.LinuxCommands;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The figures of the manual's table of modes: one boot of the same root in each, written to target/it/mode-figures.txt. */
@Timeout(3600)
class ModeFiguresIT {
    private static final MacAddress MAC = MacAddress.parse("52:54:00:6e:62:15");

    @TempDir
    private Path scratch;

    @ParameterizedTest
    @CsvSource({
        "persistent, stateless, persistent",
        "stateless, stateless, ''",
        "persist, stateless, stateless",
        "shared, shared, ''",
        "toram, stateless, toram"
    })
    void boots(String name, String mode, String client) throws Exception {
        BootLab.needs("mksquashfs");
        BuiltRoots roots = BuiltRoots.with();
        build(roots.program(), name, mode);
        BootLab.stage(roots, scratch, "figures");
        if (!client.isEmpty()) {
            roots.program().run("clone", "figures", "--mac", MAC.colons(), "--mode", client);
        }
        try (BootLab lab = new BootLab(roots, scratch, MAC);
                ServeProcess serve = lab.serve()) {
            Machine machine = lab.powerOn(MAC);
            machine.awaitLogin(BootLab.BOOT);
            ModeFigures.note(name, machine);
            machine.powerOff();
            assertThat(serve.terminate()).isZero();
        }
        StateDirectory state = new StateDirectory(roots.program().state());
        Path own = state.client(mode.equals("shared") ? SharedTree.card("figures") : MAC);
        ModeFigures.own(name, Files.isDirectory(own) ? new DiskUsage(new LinuxCommands(Events.none())).of(own) : 0);
    }

    private void build(Program program, String name, String mode) throws IOException {
        List<String> lines = new ArrayList<>(List.of(
                "name: figures",
                "include: [" + Path.of("profiles/bookworm.yaml").toAbsolutePath() + "]",
                "boot: {mode: " + mode + "}"));
        if (name.equals("persist")) {
            lines.add("persist: [/home, /var/log]");
        }
        program.run("build", Files.write(scratch.resolve("figures.yaml"), lines).toString());
    }
}
