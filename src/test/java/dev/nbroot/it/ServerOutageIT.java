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
import dev.nbroot.system.Sha256;
import dev.nbroot.system.linux.LinuxCommands;
import dev.nbroot.system.linux.LinuxNamespaces;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The server is killed again and again under two machines at work, and once stays away for five minutes, or for {@code
 * -Dnbroot.outage} seconds: both go on, and what a machine has synced is on the server's disk at each of these moments.
 */
@Timeout(7200)
class ServerOutageIT {
    private static final MacAddress PERSISTENT = MacAddress.parse("52:54:00:6e:62:11");
    private static final MacAddress STATELESS = MacAddress.parse("52:54:00:6e:62:12");
    private static final String SERVER = "10.77.0.1";
    private static final Duration BOOT = Duration.ofMinutes(15);
    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final Duration LONG_OUTAGE = Duration.ofSeconds(Thorough.amount("nbroot.outage", 300, 300));
    private static final int KILLS = 3;
    private static final String SCRIPT = "/outage-load.sh";
    private static final String WORK = "/var/tmp/load";
    private static final Pattern STABLE = Pattern.compile("(?m)^STABLE (\\d+) ([0-9a-f]{64})$");

    @TempDir
    private Path scratch;

    private final Commands commands = new LinuxCommands(Events.none());
    private final Random random = new Random(7);

    @BeforeEach
    void needs() {
        Thorough.only();
        Needs.root();
        Needs.programs("qemu-system-x86_64", "dnsmasq", "ip", "unshare", "debootstrap", "ssh", "dpkg-deb");
    }

    @Test
    void machinesGoOnAndLoseNothingThatWasStable() throws Exception {
        HostSnapshot before = HostSnapshot.take();
        BuiltRoots roots = BuiltRoots.with("bookworm");
        Program nbroot = roots.program();
        Path tree = scratch.resolve("tftp");
        nbroot.run("stage", "bookworm", "--tftp", tree.toString(), "--server", SERVER);
        nbroot.run("clone", "bookworm", "--mac", PERSISTENT.colons(), "--hostname", "keeper");
        nbroot.run("clone", "bookworm", "--mac", STATELESS.colons(), "--hostname", "reader", "--mode", "stateless");
        roots.writeIntoView(PERSISTENT, Path.of("/root/load.deb"), Files.readAllBytes(loadPackage()));

        try (Lab lab = Lab.open(commands, new LinuxNamespaces(), new Subnet(SERVER), scratch)) {
            Invocation serving = lab.namespace()
                    .inside(nbroot.invocation("serve", "--address", SERVER, "--tftp", tree.toString())
                            .within(Duration.ofHours(2)));
            lab.serveDhcp(List.of(PERSISTENT, STATELESS), "pxelinux.0", line -> {});
            ServeProcess serve = new ServeProcess(commands, serving);
            try {
                Machine keeper = on(lab, roots, 0, PERSISTENT);
                Machine reader = on(lab, roots, 1, STATELESS);
                keeper.awaitLogin(BOOT);
                reader.awaitLogin(BOOT);
                assertThat(say(keeper, "findmnt -no FSTYPE /")).isEqualTo("nfs");
                assertThat(say(reader, "findmnt -no FSTYPE /")).isEqualTo("overlay");
                List<String> boots = List.of(bootId(keeper), bootId(reader));
                for (String work : List.of("writer", "names", "reader", "packages")) {
                    begin(keeper, work);
                }
                begin(reader, "reader");
                begin(reader, "names");

                Path files = roots.upper(PERSISTENT).resolve(WORK.substring(1));
                awaitProgress(keeper, 3);
                for (int kill = 1; kill <= KILLS; kill++) {
                    TimeUnit.SECONDS.sleep(10 + random.nextInt(20));
                    serve = outage(serve, serving, keeper, files, Duration.ofSeconds(random.nextInt(10)));
                }
                awaitProgress(keeper, 3);
                serve = outage(serve, serving, keeper, files, LONG_OUTAGE);
                long back = System.nanoTime();
                awaitProgress(keeper, 1);
                System.out.println("a machine at work went on "
                        + TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - back)
                        + " s after a server that was away for " + LONG_OUTAGE + " was back");
                awaitProgress(keeper, 3);

                for (Machine machine : List.of(keeper, reader)) {
                    ended(machine);
                }
                assertThat(List.of(bootId(keeper), bootId(reader))).isEqualTo(boots);
                everythingIsStillThere(keeper, files);
                keeper.powerOff();
                reader.powerOff();
            } finally {
                serve.close();
            }
        }
        before.assertNothingLeft();
    }

    private Machine on(Lab lab, BuiltRoots roots, int index, MacAddress mac) {
        return new Machine(
                lab.powerOn(index, mac, new MachineType(1024, Accelerator.best())),
                lab.secureShell().withKey(roots.privateKey()),
                "admin@" + lab.subnet().client(index));
    }

    private static String say(Machine machine, String command) throws InterruptedException {
        return machine.saysAtLast(command, PATIENCE);
    }

    private static String bootId(Machine machine) throws InterruptedException {
        return say(machine, "cat /proc/sys/kernel/random/boot_id");
    }

    private void begin(Machine machine, String work) throws Exception {
        byte[] script;
        try (InputStream in = ServerOutageIT.class.getResourceAsStream(SCRIPT)) {
            script = in.readAllBytes();
        }
        say(
                machine,
                "echo " + Base64.getEncoder().encodeToString(script) + " | base64 -d | sudo tee /run/load.sh"
                        + " >/dev/null && systemctl is-active -q load-" + work + " || sudo systemd-run -q --unit=load-"
                        + work
                        + " -p StandardError=file:/run/load-" + work + ".err bash /run/load.sh " + work + " " + WORK);
    }

    /** {@return what the machine has told to be stable so far: hashes by number} */
    private static Map<Integer, String> stable(Machine machine) {
        Map<Integer, String> found = new TreeMap<>();
        Matcher line = STABLE.matcher(machine.hardware().serialText());
        while (line.find()) {
            found.put(Integer.valueOf(line.group(1)), line.group(2));
        }
        return found;
    }

    private static void awaitProgress(Machine machine, int more) throws InterruptedException {
        int before = stable(machine).size();
        long giveUp = System.nanoTime() + PATIENCE.toNanos();
        while (stable(machine).size() < before + more) {
            assertThat(System.nanoTime() < giveUp && machine.hardware().isOn())
                    .as(
                            "the machine goes on; its last lines: %s",
                            machine.hardware().lastLines(30))
                    .isTrue();
            TimeUnit.SECONDS.sleep(1);
        }
    }

    /** Kills the server, looks what is on the disk, and starts another one after a while. */
    private ServeProcess outage(ServeProcess serve, Invocation serving, Machine machine, Path files, Duration length)
            throws Exception {
        Map<Integer, String> stable = stable(machine);
        serve.kill();
        serve.close();
        for (Map.Entry<Integer, String> one : stable.entrySet()) {
            assertThat(Sha256.of(files.resolve("w-" + one.getKey())))
                    .as("file %s on the server's disk, when its server is dead", one.getKey())
                    .isEqualTo(one.getValue());
        }
        TimeUnit.MILLISECONDS.sleep(length.toMillis());
        System.out.println("killed with " + stable.size() + " stable files, away for " + length);
        return new ServeProcess(commands, serving);
    }

    private static void ended(Machine machine) throws InterruptedException {
        say(machine, "sudo touch /run/stop");
        while (!say(machine, "systemctl is-active 'load-*' | grep -x active || true")
                .isEmpty()) {
            TimeUnit.SECONDS.sleep(2);
        }
        assertThat(say(machine, "sudo cat /run/failed /run/load-*.err 2>/dev/null || true"))
                .isEmpty();
        assertThat(say(machine, "sudo systemctl --failed --no-legend")).isEmpty();
        assertThat(say(machine, "sudo dmesg | grep -iE 'stale|i/o error|oops|hung task' || true"))
                .isEmpty();
        System.out.println(machine.login() + " did: "
                + say(machine, "cd /run && grep . *.done").replace('\n', ' '));
    }

    /** On the server, and on the machine with empty caches. */
    private static void everythingIsStillThere(Machine machine, Path files) throws InterruptedException {
        String stable = say(machine, "sudo cat /run/stable");
        assertThat(stable.lines()).hasSizeGreaterThan(KILLS);
        stable.lines()
                .map(line -> line.split(" "))
                .forEach(one -> assertThat(Sha256.of(files.resolve("w-" + one[0])))
                        .as("file %s", one[0])
                        .isEqualTo(one[1]));
        assertThat(
                        say(
                                machine,
                                "sudo sh -c 'echo 3 >/proc/sys/vm/drop_caches; cd " + WORK
                                        + "; while read n sum; do echo \"$sum  w-$n\"; done </run/stable | sha256sum --check --quiet'"))
                .isEmpty();
    }

    /** A package with many small files, because dpkg syncs each of them. */
    private Path loadPackage() throws IOException {
        Path content = Files.createDirectories(scratch.resolve("load/DEBIAN")).getParent();
        Files.writeString(
                content.resolve("DEBIAN/control"),
                "Package: nbroot-load\nVersion: 1.0\nArchitecture: all\nMaintainer: nobody <nobody@example.org>\n"
                        + "Description: something to install\n");
        Path directory = Files.createDirectories(content.resolve("usr/share/nbroot-load"));
        for (int i = 0; i < 150; i++) {
            byte[] bytes = new byte[random.nextInt(20_000)];
            random.nextBytes(bytes);
            Files.write(directory.resolve("file-" + i), bytes);
        }
        Path deb = scratch.resolve("load.deb");
        commands.run(Invocation.of("dpkg-deb", "--root-owner-group", "--build", content.toString(), deb.toString()));
        return deb;
    }
}
