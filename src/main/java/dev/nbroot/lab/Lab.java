package dev.nbroot.lab;

import dev.nbroot.system.Commands;
import dev.nbroot.system.Invocation;
import dev.nbroot.system.MacAddress;
import dev.nbroot.system.Namespaces;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * A private network with a bridge, on which virtual machines boot from servers under test. It has no way out, and
 * nothing of it is left when it is closed or when this process dies.
 */
public final class Lab implements AutoCloseable {
    private static final String BRIDGE = "br0";

    private final Commands commands;
    private final Namespaces.Namespace namespace;
    private final Subnet subnet;
    private final Path scratch;
    private final List<AutoCloseable> running = new ArrayList<>();

    private Lab(Commands commands, Namespaces.Namespace namespace, Subnet subnet, Path scratch) {
        this.commands = commands;
        this.namespace = namespace;
        this.subnet = subnet;
        this.scratch = scratch;
    }

    /**
     * Makes the network.
     *
     * @param scratch an existing directory for leases, keys and serial logs
     */
    public static Lab open(Commands commands, Namespaces namespaces, Subnet subnet, Path scratch) {
        Namespaces.Namespace namespace = namespaces.openWithNetwork();
        try {
            Lab lab = new Lab(commands, namespace, subnet, scratch);
            // A bridge port forwards nothing for 15 s by default, which is longer than a boot ROM waits for DHCP.
            lab.run("ip", "link", "add", BRIDGE, "type", "bridge", "forward_delay", "0", "stp_state", "0");
            lab.run("ip", "address", "add", subnet.serverWithPrefix(), "dev", BRIDGE);
            lab.run("ip", "link", "set", BRIDGE, "up");
            return lab;
        } catch (RuntimeException e) {
            namespace.close();
            throw e;
        }
    }

    /** {@return the lab's addresses} */
    public Subnet subnet() {
        return subnet;
    }

    /** {@return the lab's namespaces, to run servers in} */
    public Namespaces.Namespace namespace() {
        return namespace;
    }

    /**
     * Gives addresses by Debian's dnsmasq: to each machine its own, and to all the boot loader's name.
     *
     * @param machines the machines, in the order of their addresses {@link Subnet#client}
     * @param bootFile the boot loader, relative to the boot tree
     * @param log receives dnsmasq's lines
     */
    public void serveDhcp(List<MacAddress> machines, String bootFile, Consumer<String> log) {
        List<String> argv = new ArrayList<>(List.of(
                "dnsmasq",
                "--keep-in-foreground",
                "--conf-file=/dev/null",
                "--port=0",
                "--user=root",
                "--group=root",
                "--pid-file",
                "--log-facility=-",
                "--log-dhcp",
                "--dhcp-authoritative",
                "--no-ping",
                "--bind-interfaces",
                "--interface=" + BRIDGE,
                "--dhcp-leasefile=" + scratch.resolve("leases"),
                "--dhcp-range=" + subnet.client(0) + "," + subnet.client(99) + ",12h",
                "--dhcp-boot=" + bootFile + ",," + subnet.server()));
        for (int i = 0; i < machines.size(); i++) {
            argv.add("--dhcp-host=" + machines.get(i).colons() + "," + subnet.client(i));
        }
        running.add(commands.start(namespace.inside(Invocation.of(argv)), log));
    }

    /**
     * Switches a machine on.
     *
     * @param index its place among the machines of {@link #serveDhcp}
     */
    public VirtualMachine powerOn(int index, MacAddress mac, MachineType type) {
        String tap = "tap" + index;
        if (commands.run(namespace.inside(
                                Invocation.of("ip", "link", "show", tap).accepting(0, 1)))
                        .status()
                != 0) {
            run("ip", "tuntap", "add", tap, "mode", "tap");
            run("ip", "link", "set", tap, "master", BRIDGE, "up");
        }
        Path serial = scratch.resolve("serial-" + mac + ".log");
        VirtualMachine machine = VirtualMachine.start(commands, namespace, mac, tap, serial, type);
        running.add(machine);
        return machine;
    }

    /** {@return a shell on the machines of this lab, which logs in with a key made for this lab} */
    public SecureShell secureShell() {
        return SecureShell.withNewKey(commands, namespace, scratch);
    }

    private void run(String... argv) {
        commands.run(namespace.inside(Invocation.of(argv)));
    }

    @Override
    public void close() {
        try {
            for (AutoCloseable each : running) {
                each.close();
            }
        } catch (Exception e) {
            throw new IllegalStateException("a lab's process cannot be ended", e);
        } finally {
            namespace.close();
        }
    }
}
