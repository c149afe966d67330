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
import dev.nbroot.system.Namespaces;
import dev.nbroot.system.TreeRemoval;
import dev.nbroot.system.linux.LinuxCommands;
import dev.nbroot.system.linux.LinuxNamespaces;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What people do on a machine gives on its NFS root what it gives on a local disk: a source tree, git, a database with a
 * write-ahead log, packages from a repository in the network. The server is killed and started again in the
 * middle.
 */
@Timeout(7200)
class ClientWorkIT {
    private static final MacAddress MAC = MacAddress.parse("52:54:00:6e:62:0c");
    private static final String SERVER = "10.77.0.1";
    private static final String PORT = "8000";
    private static final Duration LONG = Duration.ofMinutes(40);
    private static final String SCRIPT = "/client-work.sh";

    /** A repository of everything that a compiler takes, made while the mirror can be asked. */
    private static final String PROFILE = """
            name: work
            include: [%s]
            packages: [git, sqlite3]
            hooks:
              customize:
                - chroot: true
                  run: |
                    mkdir -p /srv/repository/partial
                    apt-get -o Dir::Cache::archives=/srv/repository -q -y --download-only --no-install-recommends \\
                        install build-essential
                    rm -r /srv/repository/partial /srv/repository/lock
                    cd /srv/repository
                    for deb in *.deb; do
                        dpkg-deb -f "$deb"
                        echo "Filename: ./$deb"
                        echo "Size: $(stat -c %%s "$deb")"
                        echo "SHA256: $(sha256sum "$deb" | cut -d' ' -f1)"
                        echo
                    done >Packages
            """;

    @TempDir
    private Path scratch;

    private final Commands commands = new LinuxCommands(Events.none());

    @BeforeEach
    void needs() {
        Thorough.only();
        Needs.root();
        Needs.programs("qemu-system-x86_64", "dnsmasq", "ip", "unshare", "debootstrap", "ssh", "python3");
    }

    @Test
    void workGivesWhatItGivesOnALocalDisk() throws Exception {
        HostSnapshot before = HostSnapshot.take();
        BuiltRoots roots = BuiltRoots.with();
        Program nbroot = roots.program();
        Path profile = Files.writeString(
                scratch.resolve("work.yaml"),
                PROFILE.formatted(Path.of("profiles/bookworm.yaml").toAbsolutePath()));
        nbroot.run("build", profile.toString());
        Path tree = scratch.resolve("tftp");
        nbroot.run("stage", "work", "--tftp", tree.toString(), "--server", SERVER);
        nbroot.run("clone", "work", "--mac", MAC.colons(), "--hostname", "worker");
        byte[] script;
        try (InputStream in = ClientWorkIT.class.getResourceAsStream(SCRIPT)) {
            script = in.readAllBytes();
        }
        roots.writeIntoView(MAC, Path.of("/root" + SCRIPT), script);
        List<String> local = onLocalDisk(roots.tree("work"), new String(script, StandardCharsets.UTF_8));

        try (Lab lab = Lab.open(commands, new LinuxNamespaces(), new Subnet(SERVER), scratch)) {
            Invocation serving = lab.namespace()
                    .inside(nbroot.invocation("serve", "--address", SERVER, "--tftp", tree.toString())
                            .within(Duration.ofHours(2)));
            lab.serveDhcp(List.of(MAC), "pxelinux.0", line -> {});
            Path repository = roots.tree("work").resolve("srv/repository");
            try (Commands.Running web = commands.start(
                            lab.namespace()
                                    .inside(Invocation.of("python3", "-m", "http.server", "--bind", SERVER, PORT)
                                            .in(repository)
                                            .within(Duration.ofHours(2))),
                            line -> {});
                    Servers servers = new Servers(commands, serving)) {
                Machine machine = new Machine(
                        lab.powerOn(0, MAC, new MachineType(2048, Accelerator.best())),
                        lab.secureShell().withKey(roots.privateKey()),
                        "admin@" + lab.subnet().client(0));
                machine.awaitLogin(Duration.ofMinutes(10));
                assertThat(machine.says("findmnt -no FSTYPE -T /var/tmp")).isEqualTo("nfs");

                // A unit, because a machine whose root is away may not answer its SSH clients for a while.
                machine.says("sudo systemd-run --unit=work -p StandardOutput=file:/var/tmp/work.out"
                        + " -p StandardError=file:/var/tmp/work.err bash /root" + SCRIPT + " /var/tmp/work");
                long giveUp = System.nanoTime() + LONG.toNanos();
                while (isWorking(machine)) {
                    assertThat(System.nanoTime()).as("time left").isLessThan(giveUp);
                    servers.killAndStartAgain();
                    TimeUnit.SECONDS.sleep(45);
                }
                assertThat(machine.says("cat /var/tmp/work.out").lines().toList())
                        .as(machine.says("cat /var/tmp/work.err"))
                        .isEqualTo(local);
                System.out.println("the server was killed " + servers.kills() + " times while a machine worked on it");

                installs(machine);
                assertThat(web.isAlive()).isTrue();
                machine.says("sudo rm -r /var/tmp/work");
                machine.powerOff();
            }
        }
        before.assertNothingLeft();
    }

    private static boolean isWorking(Machine machine) throws InterruptedException {
        String state;
        do {
            TimeUnit.SECONDS.sleep(1);
            state = machine.shell()
                    .run(machine.login(), "systemctl is-active work.service || true")
                    .text();
        } while (!List.of("active", "inactive", "failed").contains(state)
                && machine.hardware().isOn());
        return state.equals("active");
    }

    private void installs(Machine machine) {
        machine.says("echo 'deb [trusted=yes] http://" + SERVER + ":" + PORT + "/ ./' | sudo tee /etc/apt/sources.list"
                + " && sudo rm -f /etc/apt/sources.list.d/* && sudo apt-get update -q");
        machine.says(
                "sudo DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends build-essential",
                LONG);
        assertThat(machine.says("sudo dpkg --audit")).isEmpty();
        // Every file of every package is what the package says.
        assertThat(machine.says("sudo dpkg --verify | grep -v ' c ' || true", LONG))
                .isEmpty();
        assertThat(machine.says("printf 'int main(void) { return 42; }' >/tmp/a.c && gcc -o /var/tmp/a /tmp/a.c;"
                        + " /var/tmp/a; echo $?"))
                .isEqualTo("42");
    }

    /** The same programs on the disk of this machine. */
    private List<String> onLocalDisk(Path root, String script) throws IOException {
        Path bench = Files.createDirectories(Path.of("target/it/local-work").toAbsolutePath());
        Path file = Files.writeString(bench.resolve("script"), script);
        try (Namespaces.Namespace namespace = new LinuxNamespaces().open()) {
            String mounts = """
                    mount --bind "$1" "$1"
                    mount -o remount,bind,ro "$1"
                    mount --bind "$2" "$1/mnt"
                    mount -t tmpfs tmpfs "$1/tmp"
                    mount -t proc proc "$1/proc"
                    mount --bind /dev "$1/dev"
                    exec chroot "$1" bash /mnt/script /mnt/work
                    """;
            return commands.run(namespace.inside(
                            Invocation.of("sh", "-euc", mounts, "sh", root.toString(), bench.toString())
                                    .within(LONG)))
                    .lines();
        } finally {
            Files.delete(file);
            TreeRemoval.remove(bench);
        }
    }

    /** One server after the other. */
    private static final class Servers implements AutoCloseable {
        private final Commands commands;
        private final Invocation serving;
        private ServeProcess current;
        private int kills;

        Servers(Commands commands, Invocation serving) throws InterruptedException {
            this.commands = commands;
            this.serving = serving;
            current = new ServeProcess(commands, serving);
        }

        void killAndStartAgain() throws InterruptedException {
            current.kill();
            current.close();
            kills++;
            current = new ServeProcess(commands, serving);
        }

        int kills() {
            return kills;
        }

        @Override
        public void close() {
            current.close();
        }
    }
}
