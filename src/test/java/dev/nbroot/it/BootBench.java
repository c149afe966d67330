package dev.nbroot.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nbroot.lab.Accelerator;
import dev.nbroot.lab.Lab;
import dev.nbroot.lab.MachineType;
import dev.nbroot.lab.SecureShell;
import dev.nbroot.lab.Subnet;
import dev.nbroot.lab.VirtualMachine;
import dev.nbroot.report.Events;
import dev.nbroot.system.Commands;
import dev.nbroot.system.Invocation;
import dev.nbroot.system.MacAddress;
import dev.nbroot.system.linux.LinuxCommands;
import dev.nbroot.system.linux.LinuxNamespaces;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * From power-on to a login over SSH: {@code nbroot serve}, against dnsmasq's TFTP and nfs-ganesha, on the same staged
 * tree and the same client's view. The two take turns, so that both see the same machine.
 */
class BootBench {
    private static final MacAddress MAC = MacAddress.parse("52:54:00:6e:62:0d");
    private static final String SERVER = "10.77.0.1";
    private static final int ROUNDS = Integer.getInteger("nbroot.bench.rounds", 3);
    private static final Duration BOOT = Duration.ofMinutes(8);

    @TempDir
    private Path scratch;

    private final Commands commands = new LinuxCommands(Events.none());

    @BeforeEach
    void needs() {
        Needs.root();
        Needs.programs("qemu-system-x86_64", "dnsmasq", "ganesha.nfsd", "rpcbind", "ip", "unshare", "debootstrap");
    }

    @Test
    void powerOnToLogin() throws Exception {
        BuiltRoots roots = BuiltRoots.with("bookworm");
        Path tree = scratch.resolve("tftp");
        roots.program().run("stage", "--tftp", tree.toString(), "--server", SERVER);
        roots.program().run("clone", "bookworm", "--mac", MAC.colons(), "--hostname", "bench");
        List<Double> ours = new ArrayList<>();
        List<Double> theirs = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            ours.add(boot(roots, tree, this::nbroot));
            theirs.add(boot(roots, tree, this::peers));
        }
        System.out.printf(
                Locale.ROOT,
                "%n| power-on to SSH, seconds (%d rounds in turn) | each | median |%n|---|---|---|%n"
                        + "| nbroot serve | %s | %.1f |%n| dnsmasq TFTP + nfs-ganesha | %s | %.1f |%n| ratio | | %.2f |%n",
                ROUNDS,
                ours,
                median(ours),
                theirs,
                median(theirs),
                median(ours) / median(theirs));
        assertThat(ours).hasSameSizeAs(theirs);
    }

    /** Starts servers in a lab's namespace; what it returns ends them. */
    @FunctionalInterface
    private interface Servers {
        AutoCloseable start(BuiltRoots roots, Path tree, Lab lab) throws Exception;
    }

    private double boot(BuiltRoots roots, Path tree, Servers servers) throws Exception {
        Path run = Files.createTempDirectory(scratch, "run-");
        try (Lab lab = Lab.open(commands, new LinuxNamespaces(), new Subnet(SERVER), run);
                AutoCloseable started = servers.start(roots, tree, lab)) {
            assertThat(started).isNotNull();
            lab.serveDhcp(List.of(MAC), "pxelinux.0", line -> {});
            SecureShell shell = lab.secureShell().withKey(roots.privateKey());
            long begin = System.nanoTime();
            try (VirtualMachine machine = lab.powerOn(0, MAC, new MachineType(1024, Accelerator.best()))) {
                while (!shell.canLogIn("admin@" + lab.subnet().client(0))) {
                    assertThat(machine.isOn() && System.nanoTime() - begin < BOOT.toNanos())
                            .as("it comes up; its last lines: %s", machine.lastLines(30))
                            .isTrue();
                    Thread.sleep(200);
                }
                double seconds = Math.round((System.nanoTime() - begin) / 1e8) / 10.0;
                shell.run("admin@" + lab.subnet().client(0), "sudo systemctl poweroff");
                machine.awaitOff(Duration.ofMinutes(2));
                return seconds;
            }
        }
    }

    private AutoCloseable nbroot(BuiltRoots roots, Path tree, Lab lab) throws InterruptedException {
        return new ServeProcess(
                commands,
                lab.namespace()
                        .inside(roots.program().invocation("serve", "--address", SERVER, "--tftp", tree.toString())));
    }

    /** The view is mounted where nbroot exports it, inside the lab's mount namespace: the command line stays the same. */
    private AutoCloseable peers(BuiltRoots roots, Path tree, Lab lab) throws Exception {
        Path client = roots.upper(MAC).getParent();
        run(lab, "mount", "-t", "tmpfs", "tmpfs", "/run");
        run(
                lab,
                "mount",
                "-t",
                "overlay",
                "overlay",
                "-o",
                "index=on,nfs_export=on,lowerdir=" + roots.tree("bookworm") + ",upperdir=" + client.resolve("upper")
                        + ",workdir=" + client.resolve("work"),
                client.resolve("root").toString());
        Path configuration = Files.createTempFile(scratch, "ganesha-", ".conf");
        Files.writeString(configuration, """
                NFS_CORE_PARAM { Protocols = 3; Bind_addr = %s; Enable_NLM = false; Enable_RQUOTA = false; RPC_Ioq_ThrdMax = 8; }
                EXPORT_DEFAULTS { Access_Type = RW; Squash = No_Root_Squash; SecType = sys; }
                EXPORT { Export_Id = 1; Path = %s; Pseudo = /bench; Protocols = 3; FSAL { Name = VFS; } }
                LOG { Default_Log_Level = WARN; }
                """.formatted(SERVER, client.resolve("root")));
        List<Commands.Running> running = new ArrayList<>();
        running.add(start(lab, "rpcbind", "-f", "-w"));
        Thread.sleep(500);
        running.add(start(
                lab,
                "ganesha.nfsd",
                "-F",
                "-f",
                configuration.toString(),
                "-L",
                "/dev/stderr",
                "-p",
                "/run/ganesha.pid"));
        running.add(start(
                lab,
                "dnsmasq",
                "--keep-in-foreground",
                "--conf-file=/dev/null",
                "--port=0",
                "--user=root",
                "--pid-file",
                "--enable-tftp",
                "--tftp-root=" + tree,
                "--listen-address=" + SERVER,
                "--bind-interfaces"));
        awaitMountable(lab, client.resolve("root"));
        return () -> running.forEach(Commands.Running::close);
    }

    private void awaitMountable(Lab lab, Path root) throws InterruptedException {
        String url = "nfs://" + SERVER + root;
        for (int i = 0; i < 100; i++) {
            Commands.Result listed = commands.run(
                    lab.namespace().inside(Invocation.of("nfs-ls", url).accepting(Program.ANY_STATUS)));
            if (listed.status() == 0) {
                return;
            }
            Thread.sleep(300);
        }
        throw new AssertionError("nfs-ganesha does not export " + url);
    }

    private void run(Lab lab, String... argv) {
        commands.run(lab.namespace().inside(Invocation.of(argv)));
    }

    private Commands.Running start(Lab lab, String... argv) {
        return commands.start(lab.namespace().inside(Invocation.of(argv)), line -> {});
    }

    private static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        return sorted.get(sorted.size() / 2);
    }
}
