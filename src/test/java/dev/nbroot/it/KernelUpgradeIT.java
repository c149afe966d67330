package dev.nbroot.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.nbroot.lab.Accelerator;
import dev.nbroot.lab.Lab;
import dev.nbroot.lab.MachineType;
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
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * {@code apt-get full-upgrade} on a persistent machine brings another kernel, and the machine boots it the next time with
 * nobody doing anything on the server; after {@code reset} it boots its generation's again.
 */
@Timeout(7200)
class KernelUpgradeIT {
    private static final MacAddress MAC = MacAddress.parse("52:54:00:6e:62:0e");
    private static final String SERVER = "10.77.0.1";
    private static final Duration BOOT = Duration.ofMinutes(20);
    private static final Duration LONG = Duration.ofMinutes(40);

    @TempDir
    private Path scratch;

    private final Commands commands = new LinuxCommands(Events.none());

    @BeforeEach
    void needs() {
        Thorough.only();
        Needs.root();
        Needs.programs("qemu-system-x86_64", "dnsmasq", "ip", "unshare", "debootstrap", "ssh");
    }

    @ParameterizedTest
    @CsvSource({"bookworm, initramfs-tools", "trixie, dracut"})
    void anUpgradedMachineBootsItsNewKernelAndAResetOneItsGenerations(String suite, String generator) throws Exception {
        HostSnapshot before = HostSnapshot.take();
        BuiltRoots roots = BuiltRoots.with();
        Program nbroot = roots.program();
        String root = "kernels-" + suite;
        Path profile = Files.writeString(
                scratch.resolve("profile.yaml"),
                "name: %s\ninclude: [%s]\ninitramfs: {generator: %s}\n"
                                .formatted(
                                        root,
                                        Path.of("profiles/" + suite + ".yaml").toAbsolutePath(),
                                        generator)
                        + KernelRepository.KEYS);
        nbroot.run("build", profile.toString());
        String newer = KernelRepository.kernel(roots.tree(root));
        Path tree = scratch.resolve("tftp");
        nbroot.run("stage", root, "--tftp", tree.toString(), "--server", SERVER);
        nbroot.run("clone", root, "--mac", MAC.colons(), "--hostname", "upgraded");
        String older = kernel(nbroot);
        assertThat(newer).isNotEqualTo(older);

        try (Lab lab = Lab.open(commands, new LinuxNamespaces(), new Subnet(SERVER), scratch)) {
            Invocation serving = lab.namespace()
                    .inside(nbroot.invocation("serve", "--address", SERVER, "--tftp", tree.toString())
                            .within(Duration.ofHours(2)));
            lab.serveDhcp(List.of(MAC), "pxelinux.0", line -> {});
            try (ServeProcess serve = new ServeProcess(commands, serving)) {
                Machine machine = on(lab, roots);
                assertThat(say(machine, "uname -r")).isEqualTo(older);
                upgrade(machine, generator, newer);
                reboot(machine);

                assertThat(say(machine, "uname -r")).isEqualTo(newer);
                assertThat(say(machine, "findmnt -no FSTYPE /")).isEqualTo("nfs");
                assertThat(say(machine, "sudo systemctl --failed --no-legend")).isEmpty();
                machine.says(
                        "test -f /lib/modules/$(uname -r)/modules.dep && sudo modprobe dm_mod && lsmod | grep dm_mod");
                assertThat(kernel(nbroot)).isEqualTo(newer);
                assertThat(serve.lines())
                        .anyMatch(line -> line.contains("upgraded") && line.contains("boots " + newer));
                machine.powerOff();
                assertThat(serve.terminate()).isZero();
            }
            nbroot.run("reset", "--mac", MAC.colons());
            assertThat(kernel(nbroot)).isEqualTo(older);
            try (ServeProcess serve = new ServeProcess(commands, serving)) {
                Machine machine = on(lab, roots);
                assertThat(say(machine, "uname -r; ls /lib/modules; ls /boot/vmlinuz-*"))
                        .isEqualTo(older + "\n" + older + "\n/boot/vmlinuz-" + older);
                say(machine, "sudo modprobe dm_mod");
                machine.powerOff();
                assertThat(serve.terminate()).isZero();
            }
        }
        before.assertNothingLeft();
    }

    private Machine on(Lab lab, BuiltRoots roots) throws InterruptedException {
        Machine machine = new Machine(
                lab.powerOn(0, MAC, new MachineType(1024, Accelerator.best())),
                lab.secureShell().withKey(roots.privateKey()),
                "admin@" + lab.subnet().client(0));
        machine.awaitLogin(BOOT);
        return machine;
    }

    /** A unit, because SSH may give up on a busy host. */
    private static void upgrade(Machine machine, String generator, String newer) throws InterruptedException {
        say(machine, "sudo sh -c \"" + KernelRepository.CHOOSE + "\"");
        say(
                machine,
                "systemctl is-active -q upgrade || sudo systemd-run -q --unit=upgrade --setenv=DEBIAN_FRONTEND=noninteractive"
                        + " -p StandardOutput=file:/var/tmp/upgrade.out -p StandardError=file:/var/tmp/upgrade.err"
                        + " sh -c 'apt-get update -q && apt-get full-upgrade -y -q'");
        long giveUp = System.nanoTime() + LONG.toNanos();
        while (say(machine, "systemctl is-active upgrade || true").equals("active")) {
            assertThat(System.nanoTime()).as("time left").isLessThan(giveUp);
            Thread.sleep(2000);
        }
        assertThat(say(machine, "sudo cat /var/tmp/upgrade.out /var/tmp/upgrade.err"))
                .contains((generator.equals("dracut") ? "dracut" : "update-initramfs")
                        + ": Generating /boot/initrd.img-" + newer);
        assertThat(say(machine, "sudo dpkg --audit; sudo systemctl --failed --no-legend"))
                .isEmpty();
    }

    /** At once, and not when the files have come to rest. */
    private static void reboot(Machine machine) throws InterruptedException {
        String before = say(machine, "cat /proc/sys/kernel/random/boot_id");
        machine.shell().run(machine.login(), "sudo systemctl reboot");
        long giveUp = System.nanoTime() + BOOT.toNanos();
        while (say(machine, "cat /proc/sys/kernel/random/boot_id").equals(before)) {
            assertThat(System.nanoTime()).as("time left").isLessThan(giveUp);
            Thread.sleep(1000);
        }
    }

    private static String say(Machine machine, String command) throws InterruptedException {
        return machine.saysAtLast(command, BOOT);
    }

    /** {@return what the machine boots next, as the boot tree has it} */
    private static String kernel(Program nbroot) throws Exception {
        JsonNode clients = new ObjectMapper().readTree(String.join("\n", nbroot.run("clients", "--json")));
        return clients.get(0).path("kernel").asText();
    }
}
