package dev.nbroot.it;

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
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A private network whose machines boot what {@code nbroot serve} serves of one boot tree, and can be logged in to. */
final class BootLab implements AutoCloseable {
    /** How long a machine may take to let somebody log in: a busy host emulates one ten times slower than a quiet one. */
    static final Duration BOOT = Duration.ofMinutes(20);

    private static final String SERVER = "10.77.0.1";
    private static final MachineType MACHINE = new MachineType(1024, Accelerator.best());

    private final Commands commands = new LinuxCommands(Events.none());
    private final Program program;
    private final Path privateKey;
    private final Path tree;
    private final List<MacAddress> machines;
    private final Lab lab;

    /**
     * Makes the network.
     *
     * @param scratch an existing directory, in which {@link #stage} has made the boot tree
     * @param machines what is given an address
     */
    BootLab(BuiltRoots roots, Path scratch, MacAddress... machines) {
        this.program = roots.program();
        this.privateKey = roots.privateKey();
        this.tree = tree(scratch);
        this.machines = List.of(machines);
        this.lab = Lab.open(commands, new LinuxNamespaces(), new Subnet(SERVER), scratch);
        lab.serveDhcp(this.machines, "pxelinux.0", line -> {});
    }

    /** Skips the test unless everything is tried, and the host has what a lab, and a test of it, need. */
    static void needs(String... more) {
        Thorough.only();
        Needs.root();
        Needs.programs("qemu-system-x86_64", "dnsmasq", "ip", "unshare", "debootstrap", "ssh");
        Needs.programs(more);
    }

    /** {@return the boot tree of a test's directory} */
    static Path tree(Path scratch) {
        return scratch.resolve("tftp");
    }

    /** Makes the boot tree for a root. */
    static void stage(BuiltRoots roots, Path scratch, String root, String... more) {
        List<String> words =
                new ArrayList<>(List.of("stage", root, "--tftp", tree(scratch).toString(), "--server", SERVER));
        words.addAll(List.of(more));
        roots.program().run(words.toArray(String[]::new));
    }

    /** Starts the servers, with more options. */
    ServeProcess serve(String... more) throws InterruptedException {
        List<String> words = new ArrayList<>(List.of("serve", "--address", SERVER, "--tftp", tree.toString()));
        words.addAll(List.of(more));
        Invocation serve = program.invocation(words.toArray(String[]::new)).within(Duration.ofHours(2));
        return new ServeProcess(commands, lab.namespace().inside(serve));
    }

    /** Switches a machine on. */
    Machine powerOn(MacAddress mac) {
        int index = machines.indexOf(mac);
        return new Machine(
                lab.powerOn(index, mac, MACHINE),
                lab.secureShell().withKey(privateKey),
                "admin@" + lab.subnet().client(index));
    }

    @Override
    public void close() {
        lab.close();
    }
}
