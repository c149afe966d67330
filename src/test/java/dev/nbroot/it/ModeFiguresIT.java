package dev.nbroot.it;

import dev.nbroot.lab.Accelerator;
import dev.nbroot.lab.Lab;
import dev.nbroot.lab.MachineType;
import dev.nbroot.lab.Subnet;
import dev.nbroot.report.Events;
import dev.nbroot.state.SharedTree;
import dev.nbroot.state.StateDirectory;
import dev.nbroot.system.Commands;
import dev.nbroot.system.DiskUsage;
import dev.nbroot.system.Invocation;
import dev.nbroot.system.MacAddress;
import dev.nbroot.system.linux.LinuxCommands;
import dev.nbroot.system.linux.LinuxNamespaces;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
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
    private static final String SERVER = "10.77.0.1";
    private static final Duration BOOT = Duration.ofMinutes(15);

    @TempDir
    private Path scratch;

    @ParameterizedTest
    @CsvSource({
        "persistent, stateless, persistent",
        "stateless, stateless, ''",
        "persist, stateless, stateless",
        "shared, shared, ''"
    })
    void boots(String name, String mode, String client) throws Exception {
        Thorough.only();
        Needs.root();
        Needs.programs("qemu-system-x86_64", "dnsmasq", "ip", "unshare", "debootstrap", "ssh");
        BuiltRoots roots = BuiltRoots.with();
        Path tree = scratch.resolve("tftp");
        build(roots.program(), name, mode);
        roots.program().run("stage", "figures", "--tftp", tree.toString(), "--server", SERVER);
        if (!client.isEmpty()) {
            roots.program().run("clone", "figures", "--mac", MAC.colons(), "--mode", client);
        }
        Commands commands = new LinuxCommands(Events.none());
        try (Lab lab = Lab.open(commands, new LinuxNamespaces(), new Subnet(SERVER), scratch)) {
            lab.serveDhcp(List.of(MAC), "pxelinux.0", line -> {});
            Invocation serving = lab.namespace()
                    .inside(roots.program()
                            .invocation("serve", "--address", SERVER, "--tftp", tree.toString())
                            .within(Duration.ofHours(1)));
            try (ServeProcess serve = new ServeProcess(commands, serving)) {
                Machine machine = new Machine(
                        lab.powerOn(0, MAC, new MachineType(1024, Accelerator.best())),
                        lab.secureShell().withKey(roots.privateKey()),
                        "admin@" + lab.subnet().client(0));
                machine.awaitLogin(BOOT);
                ModeFigures.note(name, machine);
                machine.powerOff();
                serve.terminate();
            }
        }
        StateDirectory state = new StateDirectory(roots.program().state());
        Path own = state.client(mode.equals("shared") ? SharedTree.card("figures") : MAC);
        ModeFigures.own(name, Files.isDirectory(own) ? new DiskUsage(commands).of(own) : 0);
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
