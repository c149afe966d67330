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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code apt-get full-upgrade} on a persistent machine brings another kernel, and the machine boots it the next time with
 * nobody doing anything on the server; after {@code reset} it boots its generation's again.
 */
@Timeout(7200)
class KernelUpgradeIT {
    private static final MacAddress MAC = MacAddress.parse("52:54:00:6e:62:0e");
    private static final String SERVER = "10.77.0.1";
    private static final String PORT = "8000";
    private static final Duration BOOT = Duration.ofMinutes(12);
    private static final Duration LONG = Duration.ofMinutes(40);

    /**
     * A repository with Debian's kernel for clouds, in the version that this host gets, and a newer metapackage that wants
     * it: so apt sees an ordinary upgrade to a real kernel that calls itself by another name.
     */
    private static final String REPOSITORY = """
            set -eu
            cd "$1"
            kernel=$(apt-cache depends linux-image-cloud-amd64 | sed -n 's/^ *Depends: //p' | head -n 1)
            apt-get -q download "$kernel" >/dev/null
            mkdir -p meta/DEBIAN
            printf '%s\\n' 'Package: linux-image-amd64' 'Version: 99' 'Architecture: amd64' \\
                'Maintainer: nobody <nobody@example.org>' "Depends: $kernel" \\
                'Description: brings another kernel' >meta/DEBIAN/control
            dpkg-deb --root-owner-group --build meta linux-image-amd64_99_amd64.deb >/dev/null
            for deb in *.deb; do
                dpkg-deb -f "$deb"
                echo "Filename: ./$deb"
                echo "Size: $(stat -c %s "$deb")"
                echo "SHA256: $(sha256sum "$deb" | cut -d' ' -f1)"
                echo
            done >Packages
            echo "${kernel#linux-image-}"
            """;

    @TempDir
    private Path scratch;

    private final Commands commands = new LinuxCommands(Events.none());

    @BeforeEach
    void needs() {
        Thorough.only();
        Needs.root();
        Needs.programs("qemu-system-x86_64", "dnsmasq", "ip", "unshare", "debootstrap", "ssh", "python3", "apt-get");
    }

    @Test
    void anUpgradedMachineBootsItsNewKernelAndAResetOneItsGenerations() throws Exception {
        HostSnapshot before = HostSnapshot.take();
        Path repository = Files.createDirectories(scratch.resolve("repository"));
        String newer = commands.run(Invocation.of("sh", "-c", REPOSITORY, "sh", repository.toString()))
                .text();
        BuiltRoots roots = BuiltRoots.with("bookworm");
        Program nbroot = roots.program();
        Path tree = scratch.resolve("tftp");
        nbroot.run("stage", "bookworm", "--tftp", tree.toString(), "--server", SERVER);
        nbroot.run("clone", "bookworm", "--mac", MAC.colons(), "--hostname", "upgraded");
        String older = kernel(nbroot);
        assertThat(newer).startsWith("6.").isNotEqualTo(older);

        try (Lab lab = Lab.open(commands, new LinuxNamespaces(), new Subnet(SERVER), scratch);
                Commands.Running web = commands.start(
                        lab.namespace()
                                .inside(Invocation.of("python3", "-m", "http.server", "--bind", SERVER, PORT)
                                        .in(repository)
                                        .within(Duration.ofHours(2))),
                        line -> {})) {
            Invocation serving = lab.namespace()
                    .inside(nbroot.invocation("serve", "--address", SERVER, "--tftp", tree.toString())
                            .within(Duration.ofHours(2)));
            lab.serveDhcp(List.of(MAC), "pxelinux.0", line -> {});
            try (ServeProcess serve = new ServeProcess(commands, serving)) {
                Machine machine = on(lab, roots);
                assertThat(say(machine, "uname -r")).isEqualTo(older);
                upgrade(machine, newer);
                reboot(machine);

                assertThat(say(machine, "uname -r")).isEqualTo(newer);
                assertThat(say(machine, "findmnt -no FSTYPE /")).isEqualTo("nfs");
                assertThat(say(machine, "sudo systemctl --failed --no-legend")).isEmpty();
                machine.says(
                        "test -f /lib/modules/$(uname -r)/modules.dep && sudo modprobe dm_mod && lsmod | grep dm_mod");
                assertThat(kernel(nbroot)).isEqualTo(newer);
                assertThat(serve.lines())
                        .anyMatch(line -> line.contains("upgraded") && line.contains("boots " + newer));
                assertThat(web.isAlive()).isTrue();
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
    private static void upgrade(Machine machine, String newer) throws InterruptedException {
        say(
                machine,
                "echo 'deb [trusted=yes] http://" + SERVER + ":" + PORT + "/ ./' | sudo tee /etc/apt/sources.list"
                        + " && sudo rm -f /etc/apt/sources.list.d/*");
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
                .contains("update-initramfs: Generating /boot/initrd.img-" + newer);
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
