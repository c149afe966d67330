package dev.nbroot.it;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Containers run on machines whose root is NFS, on each kind of {@code scratch}: by podman with the storage driver that it
 * chooses itself, from an image that is made on the machine.
 */
@Timeout(3600)
class ScratchIT {
    private static final MacAddress MAC = MacAddress.parse("52:54:00:6e:62:0d");
    private static final String SERVER = "10.77.0.1";
    private static final Duration BOOT = Duration.ofMinutes(8);
    private static final Duration LONG = Duration.ofMinutes(10);
    private static final Duration STORES = Duration.ofMinutes(30);
    private static final MachineType MACHINE = new MachineType(2048, Accelerator.best());
    private static final String STORE = "/var/lib/containers";

    private static final String PROFILE = """
            name: scratch-%s
            include: [%s]
            packages: [podman, crun]
            scratch: %s
            """;

    /** An image of a shell and what it is linked with: there is no registry in this network. */
    private static final String IMPORT = """
            set -euo pipefail
            mkdir -p /var/tmp/image/bin
            cd /var/tmp/image
            cp /bin/dash bin/sh
            for library in $(ldd /bin/dash | grep -o "/lib[^ ]*"); do
                mkdir -p ".${library%/*}"
                cp "$library" ".$library"
            done
            tar -c . >/var/tmp/image.tar
            podman import /var/tmp/image.tar probe
            rm -r /var/tmp/image /var/tmp/image.tar
            """;

    @TempDir
    private Path scratch;

    private final Commands commands = new LinuxCommands(Events.none());
    private BuiltRoots roots;
    private Path tree;

    @BeforeEach
    void needs() throws IOException {
        Thorough.only();
        Needs.root();
        Needs.programs("qemu-system-x86_64", "dnsmasq", "ip", "unshare", "debootstrap", "ssh", "mkfs.ext4");
        roots = BuiltRoots.with();
        tree = scratch.resolve("tftp");
    }

    @Test
    void inMemory() throws Exception {
        HostSnapshot before = HostSnapshot.take();
        build("tmpfs", "{kind: tmpfs, size: 600M}", "persistent");
        try (Lab lab = lab();
                ServeProcess serve = new ServeProcess(commands, serving(lab))) {
            Machine machine = powerOn(lab, MACHINE);
            assertThat(machine.says("findmnt -no FSTYPE /")).isEqualTo("nfs");
            assertThat(machine.says("findmnt -no FSTYPE,SIZE -T " + STORE)).matches("tmpfs +600M");
            containersRun(machine);
            machine.powerOff();
            assertThat(serve.terminate()).isZero();
        }
        before.assertNothingLeft();
    }

    /** What was synced is there after the server was killed and the machine booted again, and no more than that on the disk. */
    @Test
    void inAnImageOfTheView() throws Exception {
        HostSnapshot before = HostSnapshot.take();
        build("image", "{kind: image, size: 8G}", "persistent");
        try (Lab lab = lab()) {
            Machine machine;
            try (ServeProcess first = new ServeProcess(commands, serving(lab))) {
                machine = powerOn(lab, MACHINE);
                assertThat(machine.says("findmnt -no FSTYPE /")).isEqualTo("nfs");
                assertThat(machine.says("findmnt -no FSTYPE,SOURCE -T " + STORE))
                        .matches("ext4 +/dev/loop.*");
                containersRun(machine);
                machine.says("sudo systemd-run --unit=fill podman run --name filled --network none probe /bin/sh -c"
                        + " 'i=0; while [ $i -lt 60000 ]; do i=$((i+1)); echo line $i; done >/lines'");
                first.kill();
            }
            try (ServeProcess second = new ServeProcess(commands, serving(lab))) {
                machine.says("until systemctl show -P SubState fill | grep -v running; do sleep 1; done", LONG);
                assertThat(filled(machine)).isEqualTo("60000 lines");
                // As if it had been switched off between growing the image and what is in it.
                machine.says("sudo truncate -s 9G /var/lib/nbroot/scratch.img");
                machine.reboot(BOOT);
                assertThat(filled(machine)).isEqualTo("60000 lines");
                assertThat(Long.parseLong(machine.says("findmnt -bnro SIZE -T " + STORE)))
                        .isBetween(8L << 30, 9L << 30);
                assertThat(machine.says("sudo podman run --rm --network none probe /bin/sh -c 'echo again' 2>&1", LONG))
                        .isEqualTo("again");
                assertThat(machine.says("sudo systemctl --failed --no-legend")).isEmpty();
                machine.powerOff();
                assertThat(second.terminate()).isZero();
            }
        }
        Path image = roots.upper(MAC).resolve("var/lib/nbroot/scratch.img");
        assertThat(Files.size(image)).isEqualTo(9L << 30);
        String blocks = commands.run(Invocation.of("stat", "-c", "%b", image.toString()))
                .text();
        assertThat(512 * Long.parseLong(blocks))
                .as("bytes on the server's disk")
                .isLessThan(100L << 20);
        isWhole(image);
        before.assertNothingLeft();
    }

    /** Without its disk the machine says so and takes memory. */
    @Test
    void onADiskOfTheMachine() throws Exception {
        HostSnapshot before = HostSnapshot.take();
        build("disk", "disk", "stateless");
        Path disk = scratch.resolve("disk.img");
        commands.run(Invocation.of("truncate", "-s", "2G", disk.toString()));
        commands.run(Invocation.of("mkfs.ext4", "-q", "-L", "nbroot-scratch", disk.toString()));
        try (Lab lab = lab();
                ServeProcess serve = new ServeProcess(commands, serving(lab))) {
            Machine machine = powerOn(lab, MACHINE.with(disk));
            assertThat(machine.says("findmnt -no FSTYPE /")).isEqualTo("overlay");
            assertThat(machine.says("findmnt -no FSTYPE,SOURCE -T " + STORE)).matches("ext4 +/dev/vda.*");
            containersRun(machine);
            machine.powerOff();
            isWhole(disk);

            machine = powerOn(lab, MACHINE.with(disk));
            assertThat(machine.says("sudo podman run --rm --network none probe /bin/sh -c 'echo again' 2>&1", LONG))
                    .isEqualTo("again");
            machine.powerOff();

            Machine without = powerOn(lab, MACHINE);
            String message = "no disk has a file system or a partition with the label nbroot-scratch";
            assertThat(without.says("sudo journalctl -b -u nbroot-scratch")).contains(message);
            assertThat(without.hardware().serialText()).contains(message);
            assertThat(without.says("findmnt -no FSTYPE -T " + STORE)).isEqualTo("tmpfs");
            containersRun(without);
            without.powerOff();
            assertThat(serve.terminate()).isZero();
        }
        before.assertNothingLeft();
    }

    /** Without overlays podman keeps its layers on the root too, and what it makes of them is what it makes on a local disk. */
    @Test
    void aStoreOnTheRootIsAsOneOnADisk() throws Exception {
        HostSnapshot before = HostSnapshot.take();
        build("store", "disk", "persistent");
        byte[] script;
        try (InputStream in = ScratchIT.class.getResourceAsStream("/podman-store.sh")) {
            script = in.readAllBytes();
        }
        roots.writeIntoView(MAC, Path.of("/root/podman-store.sh"), script);
        Path disk = scratch.resolve("disk.img");
        commands.run(Invocation.of("truncate", "-s", "4G", disk.toString()));
        commands.run(Invocation.of("mkfs.ext4", "-q", "-L", "nbroot-scratch", disk.toString()));
        try (Lab lab = lab();
                ServeProcess serve = new ServeProcess(commands, serving(lab))) {
            Machine machine = powerOn(lab, MACHINE.with(disk));
            assertThat(machine.says("findmnt -no FSTYPE -T /var/tmp")).isEqualTo("nfs");
            assertThat(machine.says("findmnt -no FSTYPE -T " + STORE)).isEqualTo("ext4");
            String onDisk = machine.says("sudo bash /root/podman-store.sh " + STORE + "/made 2>&1", STORES);
            String onRoot = machine.says("sudo bash /root/podman-store.sh /var/tmp/made 2>&1", STORES);
            assertThat(onRoot)
                    .as(machine.says("sudo diff " + STORE + "/made/files /var/tmp/made/files | head -20"))
                    .isEqualTo(onDisk)
                    .contains("read: file 1\n", "2000, file 3\n");
            machine.powerOff();
            assertThat(serve.terminate()).isZero();
        }
        isWhole(disk);
        before.assertNothingLeft();
    }

    private void build(String name, String kind, String mode) throws IOException {
        Path profile = Files.writeString(
                scratch.resolve(name + ".yaml"),
                PROFILE.formatted(name, Path.of("profiles/bookworm.yaml").toAbsolutePath(), kind));
        roots.program().run("build", profile.toString());
        roots.program().run("stage", "scratch-" + name, "--tftp", tree.toString(), "--server", SERVER);
        roots.program().run("clone", "scratch-" + name, "--mac", MAC.colons(), "--hostname", "crane", "--mode", mode);
    }

    private Lab lab() {
        return Lab.open(commands, new LinuxNamespaces(), new Subnet(SERVER), scratch);
    }

    private Invocation serving(Lab lab) {
        return lab.namespace()
                .inside(roots.program()
                        .invocation("serve", "--address", SERVER, "--tftp", tree.toString())
                        .within(Duration.ofHours(1)));
    }

    private Machine powerOn(Lab lab, MachineType type) throws Exception {
        if (!Files.exists(scratch.resolve("leases"))) {
            lab.serveDhcp(List.of(MAC), "pxelinux.0", line -> {});
        }
        // A stateless machine has other host keys each time.
        Files.deleteIfExists(scratch.resolve("known_hosts"));
        Machine machine = new Machine(
                lab.powerOn(0, MAC, type),
                lab.secureShell().withKey(roots.privateKey()),
                "admin@" + lab.subnet().client(0));
        machine.awaitLogin(BOOT);
        return machine;
    }

    private static void containersRun(Machine machine) {
        assertThat(machine.says("sudo systemctl --failed --no-legend; systemctl is-active nbroot-scratch"))
                .isEqualTo("active");
        machine.says("sudo bash -c '" + IMPORT + "' 2>&1", LONG);
        assertThat(machine.says("sudo podman info --format {{.Store.GraphDriverName}}", LONG))
                .isEqualTo("overlay");
        assertThat(machine.says(
                        "sudo podman run --rm --network none probe"
                                + " /bin/sh -c 'echo inside; echo kept >/file; read line </file; echo $line' 2>&1",
                        LONG))
                .isEqualTo("inside\nkept");
    }

    /** Counted where the container's layer is mounted. */
    private static String filled(Machine machine) {
        return machine.says(
                "sudo sh -c 'root=$(podman mount filled) && wc -l <$root/lines && podman umount filled >/dev/null' 2>&1"
                        + " | sed 's/$/ lines/'",
                LONG);
    }

    private void isWhole(Path image) {
        commands.run(Invocation.of("e2fsck", "-f", "-n", image.toString()));
    }
}
