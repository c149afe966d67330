package dev.nbroot.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nbroot.lab.Accelerator;
import dev.nbroot.lab.Lab;
import dev.nbroot.lab.MachineType;
import dev.nbroot.lab.SecureShell;
import dev.nbroot.lab.Subnet;
import dev.nbroot.report.Events;
import dev.nbroot.system.Commands;
import dev.nbroot.system.Invocation;
import dev.nbroot.system.MacAddress;
import dev.nbroot.system.linux.LinuxCommands;
import dev.nbroot.system.linux.LinuxNamespaces;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The proof: two diskless machines boot one root over the network from nbroot's servers alone (and Debian's dnsmasq for
 * addresses), each with its own identity and its own writable view, and people can work on them.
 */
class NetbootIT {
    private static final MacAddress A = MacAddress.parse("52:54:00:6e:62:0a");
    private static final MacAddress B = MacAddress.parse("52:54:00:6e:62:0b");
    private static final String SERVER = "10.77.0.1";
    private static final Duration BOOT = Duration.ofMinutes(6);
    private static final MachineType MACHINE = new MachineType(1024, Accelerator.best());

    @TempDir
    private Path scratch;

    private final Commands commands = new LinuxCommands(Events.none());

    @BeforeEach
    void needs() {
        Needs.root();
        Needs.programs("qemu-system-x86_64", "dnsmasq", "ip", "unshare", "debootstrap", "ssh", "dpkg-deb");
    }

    @ParameterizedTest
    @ValueSource(strings = {"bookworm", "trixie"})
    void twoMachinesBootOneRootAndKeepToThemselves(String root) throws Exception {
        HostSnapshot before = HostSnapshot.take();
        BuiltRoots roots = BuiltRoots.with(root);
        Program nbroot = roots.program();
        Path tree = scratch.resolve("tftp");

        nbroot.run("stage", root, "--tftp", tree.toString(), "--server", SERVER);
        nbroot.run("clone", root, "--mac", A.colons(), "--hostname", "node-a");
        nbroot.run("clone", root, "--mac", B.value(), "--hostname", "node-b");
        roots.writeIntoView(A, Path.of("/root/nbroot-probe.deb"), Files.readAllBytes(probePackage()));

        try (Lab lab = Lab.open(commands, new LinuxNamespaces(), new Subnet(SERVER), scratch);
                ServeProcess serve = new ServeProcess(
                        commands,
                        lab.namespace()
                                .inside(nbroot.invocation("serve", "--address", SERVER, "--tftp", tree.toString())))) {
            lab.serveDhcp(List.of(A, B), "pxelinux.0", line -> {});
            SecureShell shell = lab.secureShell().withKey(roots.privateKey());
            Machine a = new Machine(
                    lab.powerOn(0, A, MACHINE), shell, "admin@" + lab.subnet().client(0));
            Machine b = new Machine(
                    lab.powerOn(1, B, MACHINE), shell, "admin@" + lab.subnet().client(1));
            a.awaitLogin(BOOT);
            b.awaitLogin(BOOT);

            for (Machine machine : List.of(a, b)) {
                assertThat(machine.says("sudo -n id -u")).isEqualTo("0");
                assertThat(machine.says("findmnt -no FSTYPE /")).isEqualTo("nfs");
                assertThat(machine.says("sudo touch /etc/written && stat -c %U:%G /etc/written"))
                        .isEqualTo("root:root");
                assertThat(machine.says("sudo systemctl --failed --no-legend")).isEmpty();
                assertThat(machine.says(". /etc/os-release && echo $VERSION_CODENAME"))
                        .isEqualTo(root);
                assertThat(machine.says("stat -c '%u:%g %a' /")).isEqualTo("0:0 755");
                assertThat(machine.says("getent ahostsv4 $(hostname)")).contains("127.0.1.1");
                assertThat(machine.says("id -u && ping -q -c 1 -w 60 " + SERVER))
                        .as("what has capabilities on a disk works for everybody")
                        .doesNotStartWith("0")
                        .contains("1 received");
            }
            assertThat(a.says("hostname")).isEqualTo("node-a");
            assertThat(b.says("hostname")).isEqualTo("node-b");
            assertThat(a.says("cat /etc/machine-id")).hasSize(32).isNotEqualTo(b.says("cat /etc/machine-id"));
            assertThat(a.says("cat /etc/ssh/ssh_host_ed25519_key.pub"))
                    .isNotEqualTo(b.says("cat /etc/ssh/ssh_host_ed25519_key.pub"));

            assertThat(a.says("echo only here | sudo tee /srv/from-a")).isEqualTo("only here");
            assertThat(b.says("ls /srv")).doesNotContain("from-a");
            assertThat(a.says("sudo apt-get install -y -q /root/nbroot-probe.deb && nbroot-probe"))
                    .endsWith("the probe is installed");
            assertThat(b.fails("nbroot-probe")).isTrue();
            a.says(PosixScript.TEXT);
            a.says("sync");
            assertThat(roots.upper(A).resolve("srv/from-a")).hasContent("only here\n");
            assertThat(roots.upper(A).resolve("usr/bin/nbroot-probe")).isRegularFile();

            a.reboot(BOOT);
            assertThat(a.says("cat /srv/from-a; nbroot-probe; sudo systemctl --failed --no-legend"))
                    .isEqualTo("only here\nthe probe is installed");

            for (Machine machine : List.of(a, b)) {
                machine.powerOff();
            }
            assertThat(serve.lines())
                    .anyMatch(line ->
                            line.contains(A.colons() + " node-a") && line.contains("mount") && line.contains("done"))
                    .anyMatch(line -> line.contains("pxelinux.0") && line.contains("done"))
                    .noneMatch(line -> line.contains("refused") || line.contains("warning"));
            assertThat(serve.terminate()).isZero();
        }
        before.assertNothingLeft();
    }

    /** A package without dependencies, made here: the machines' network has no way out. */
    private Path probePackage() throws Exception {
        Path content = Files.createDirectories(scratch.resolve("probe/DEBIAN")).getParent();
        Files.writeString(
                content.resolve("DEBIAN/control"),
                "Package: nbroot-probe\nVersion: 1.0\nArchitecture: all\nMaintainer: nobody <nobody@example.org>\n"
                        + "Description: proves that packages can be installed\n");
        Path program = Files.createDirectories(content.resolve("usr/bin")).resolve("nbroot-probe");
        Files.writeString(program, "#!/bin/sh\necho the probe is installed\n");
        commands.run(Invocation.of("chmod", "0755", program.toString()));
        Path deb = scratch.resolve("nbroot-probe.deb");
        commands.run(Invocation.of("dpkg-deb", "--root-owner-group", "--build", content.toString(), deb.toString()));
        return deb;
    }
}
