package dev.nbroot.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nbroot.lab.Accelerator;
import dev.nbroot.lab.Lab;
import dev.nbroot.lab.MachineType;
import dev.nbroot.lab.Subnet;
import dev.nbroot.lab.VirtualMachine;
import dev.nbroot.report.Events;
import dev.nbroot.system.Commands;
import dev.nbroot.system.Invocation;
import dev.nbroot.system.MacAddress;
import dev.nbroot.system.linux.LinuxCommands;
import dev.nbroot.system.linux.LinuxNamespaces;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two machines take turns with one writable tree. */
@Timeout(5400)
class SharedIT {
    private static final MacAddress FIRST = MacAddress.parse("52:54:00:6e:62:13");
    private static final MacAddress SECOND = MacAddress.parse("52:54:00:6e:62:14");
    private static final String SERVER = "10.77.0.1";
    private static final Duration BOOT = Duration.ofMinutes(15);

    @TempDir
    private Path scratch;

    private final Commands commands = new LinuxCommands(Events.none());
    private BuiltRoots roots;
    private Path tree;

    @BeforeEach
    void needs() throws IOException {
        Thorough.only();
        Needs.root();
        Needs.programs("qemu-system-x86_64", "dnsmasq", "ip", "unshare", "debootstrap", "ssh");
        roots = BuiltRoots.with();
        tree = scratch.resolve("tftp");
    }

    @Test
    void bookworm() throws Exception {
        machinesTakeTurns("bookworm");
    }

    @Test
    void trixie() throws Exception {
        machinesTakeTurns("trixie");
    }

    private void machinesTakeTurns(String suite) throws Exception {
        HostSnapshot before = HostSnapshot.take();
        String name = "shared-" + suite;
        Path base = Path.of("profiles/" + suite + ".yaml").toAbsolutePath();
        Path profile = Files.writeString(scratch.resolve("profile.yaml"), """
                name: %s
                include: [%s]
                hostname: desk
                boot: {mode: shared}
                """.formatted(name, base));
        roots.program().run("build", profile.toString());
        roots.program().run("stage", name, "--tftp", tree.toString(), "--server", SERVER);
        try (Lab lab = Lab.open(commands, new LinuxNamespaces(), new Subnet(SERVER), scratch)) {
            lab.serveDhcp(List.of(FIRST, SECOND), "pxelinux.0", line -> {});
            Machine first;
            try (ServeProcess serve = new ServeProcess(commands, serving(lab))) {
                first = powerOn(lab, 0, FIRST);
                first.awaitLogin(BOOT);
                ModeFigures.note("shared", first);
                assertThat(first.says("findmnt -no FSTYPE /; hostname")).isEqualTo("nfs\ndesk");
                first.says("echo from the first >~/file && sync ~/file");
                serve.kill();
            }
            try (ServeProcess serve = new ServeProcess(commands, serving(lab))) {
                Machine second = powerOn(lab, 1, SECOND);
                awaitText(second, "Permission denied");
                assertThat(second.hardware().serialText())
                        .contains("the root " + name + " is for one machine at a time");
                serve.await(
                        "the reason",
                        line -> line.contains("refused")
                                && line.contains(SECOND.colons())
                                && line.contains("is for one machine at a time, and " + FIRST.colons() + " (10.77.0.")
                                && line.contains("switch that one off"),
                        60_000);
                assertThat(first.says("cat ~/file && touch ~/still-on")).isEqualTo("from the first");

                first.powerOff();
                second.awaitLogin(BOOT);
                assertThat(second.says("cat ~/file; ls ~/still-on; findmnt -no FSTYPE /; hostname"))
                        .isEqualTo("from the first\n/home/admin/still-on\nnfs\ndesk");
                assertThat(second.says("sudo systemctl --failed --no-legend")).isEmpty();
                second.powerOff();
                assertThat(serve.terminate()).isZero();
            }
        }
        assertThat(said("diff", "--shared", name)).contains("/home/admin");
        assertThat(said("clients")).contains(name + "/1", "shared");
        roots.program().run("reset", "--shared", name);
        assertThat(said("diff", "--shared", name)).doesNotContain("/home/admin");
        before.assertNothingLeft();
    }

    private String said(String... words) {
        return String.join("\n", roots.program().run(words));
    }

    private Invocation serving(Lab lab) {
        return lab.namespace()
                .inside(roots.program()
                        .invocation("serve", "--address", SERVER, "--tftp", tree.toString())
                        .within(Duration.ofHours(2)));
    }

    private Machine powerOn(Lab lab, int index, MacAddress mac) {
        VirtualMachine hardware = lab.powerOn(index, mac, new MachineType(1024, Accelerator.best()));
        return new Machine(
                hardware,
                lab.secureShell().withKey(roots.privateKey()),
                "admin@" + lab.subnet().client(index));
    }

    private static void awaitText(Machine machine, String text) throws InterruptedException {
        long giveUp = System.nanoTime() + BOOT.toNanos();
        while (!machine.hardware().serialText().contains(text)) {
            assertThat(System.nanoTime())
                    .as(
                            "the console says %s; its last lines: %s",
                            text, machine.hardware().lastLines(20))
                    .isLessThan(giveUp);
            Thread.sleep(500);
        }
    }
}
