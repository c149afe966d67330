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
import dev.nbroot.system.MacAddress;
import dev.nbroot.system.TreeRemoval;
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

/**
 * What is made of a generation is booted: by {@code enter}, by {@code upgrade} with another kernel, again by {@code
 * rollback}, below a machine's own files by {@code rebase}, and out of these by {@code commit}. A machine that runs
 * notices nothing of it until it boots.
 */
@Timeout(7200)
class GenerationBootIT {
    private static final MacAddress KEEPER = MacAddress.parse("52:54:00:6e:62:21");
    private static final MacAddress READER = MacAddress.parse("52:54:00:6e:62:22");
    private static final String SERVER = "10.77.0.1";
    private static final String ROOT = "generations";
    private static final Duration BOOT = Duration.ofMinutes(20);
    private static final Duration LETTING_GO = Duration.ofMinutes(5);
    private static final MachineType MACHINE = new MachineType(1024, Accelerator.best());

    /** The exit status when another holds what is wanted. */
    private static final int LOCKED = 6;

    @TempDir
    private Path scratch;

    private final Commands commands = new LinuxCommands(Events.none());
    private BuiltRoots roots;
    private Program nbroot;
    private String older;
    private String newer;

    @BeforeEach
    void needs() {
        Thorough.only();
        Needs.root();
        Needs.programs("qemu-system-x86_64", "dnsmasq", "ip", "unshare", "debootstrap", "ssh");
    }

    @Test
    void eachBootHasOneGenerationWholeAndRunningMachinesKeepTheirs() throws Exception {
        HostSnapshot before = HostSnapshot.take();
        roots = BuiltRoots.with();
        nbroot = roots.program();
        build();
        Path first = roots.tree(ROOT);
        String untouched = TreeHash.of(first);
        Path tree = scratch.resolve("tftp");
        nbroot.run("stage", ROOT, "--tftp", tree.toString(), "--server", SERVER);
        nbroot.run("clone", ROOT, "--mac", KEEPER.colons(), "--hostname", "keeper");
        nbroot.run("clone", ROOT, "--mac", READER.colons(), "--hostname", "reader", "--mode", "stateless");

        try (Lab lab = Lab.open(commands, new LinuxNamespaces(), new Subnet(SERVER), scratch);
                ServeProcess serve = new ServeProcess(
                        commands,
                        lab.namespace()
                                .inside(nbroot.invocation("serve", "--address", SERVER, "--tftp", tree.toString())
                                        .within(Duration.ofHours(2))))) {
            lab.serveDhcp(List.of(KEEPER, READER), "pxelinux.0", line -> {});
            Machine reader = on(lab, 1, READER);
            reader.awaitLogin(BOOT);
            older = say(reader, "uname -r");
            assertThat(newer).isNotEqualTo(older);
            boots(reader, 1, older);
            changeTheRootBelow(reader);
            assertThat(TreeHash.of(first)).isEqualTo(untouched);

            nbroot.run(
                    "enter",
                    "--mac",
                    KEEPER.colons(),
                    "--",
                    "sh",
                    "-euc",
                    "echo of the keeper | tee /etc/own /srv/own; rm /etc/issue.net; test ! -e /etc/marker");
            nbroot.run("rebase", "--mac", KEEPER.colons());
            assertThat(changed())
                    .contains("/etc/issue.net", "/etc/own", "/srv/own")
                    .doesNotContain("/etc/marker");
            Machine keeper = on(lab, 0, KEEPER);
            reader.reboot(BOOT);
            keeper.awaitLogin(BOOT);
            boots(reader, 3, newer);
            assertThat(say(reader, "cat /etc/marker; ls /etc/own 2>/dev/null || true"))
                    .isEqualTo("entered");
            boots(keeper, 3, newer);
            assertThat(say(keeper, "cat /etc/marker /etc/own /srv/own; ls /etc/issue.net 2>/dev/null; hostname"))
                    .isEqualTo("entered\nof the keeper\nof the keeper\nkeeper");
            say(keeper, "echo of its run | sudo tee /srv/run && sync");
            String keeperId = say(keeper, "cat /etc/machine-id");
            keeper.powerOff();

            assertThat(nbroot.run("rollback", ROOT))
                    .anyMatch(line -> line.startsWith(ROOT + "/2 is current now instead of " + ROOT + "/3"))
                    .anyMatch(line -> line.startsWith("keeper ") && line.contains("stays on " + ROOT + "/3"))
                    .anyMatch(line -> line.startsWith("reader ") && line.contains("gets " + ROOT + "/2"));
            boots(reader, 3, newer);
            reader.reboot(BOOT);
            boots(reader, 2, older);
            assertThat(say(reader, "cat /etc/marker")).isEqualTo("entered");

            nbroot.run("rollback", ROOT, "3");
            assertThat(whenItIsOff("commit", "--mac", KEEPER.colons()))
                    .contains(roots.tree(ROOT).toString());
            boots(reader, 2, older);
            reader.reboot(BOOT);
            boots(reader, 4, newer);
            assertThat(say(
                            reader,
                            "cat /etc/marker /etc/own /srv/own /srv/run; ls /etc/issue.net 2>/dev/null; hostname"))
                    .isEqualTo("entered\nof the keeper\nof the keeper\nof its run\nreader");
            assertThat(say(reader, "cat /etc/machine-id")).isNotEqualTo(keeperId);
            assertThat(changed()).doesNotContain("/etc/issue.net", "/etc/own", "/srv/own");
            reader.powerOff();
            assertThat(serve.lines()).noneMatch(line -> line.contains("refused"));
            assertThat(serve.terminate()).isZero();
        }
        assertThat(TreeHash.of(first)).isEqualTo(untouched);
        before.assertNothingLeft();
    }

    private void build() throws IOException {
        // What an earlier run has left would have other numbers.
        TreeRemoval.remove(nbroot.state().resolve("roots").resolve(ROOT));
        // /etc/ssh is kept, so that SSH knows the stateless machine again.
        Path profile = Files.writeString(
                scratch.resolve("profile.yaml"),
                "name: %s\ninclude: [%s]\npersist: [/etc/ssh]\n"
                                .formatted(
                                        ROOT, Path.of("profiles/bookworm.yaml").toAbsolutePath())
                        + KernelRepository.KEYS);
        nbroot.run("build", profile.toString());
        newer = KernelRepository.kernel(roots.tree(ROOT));
    }

    /** Two generations are made while a machine runs from the first, and it goes on in that. */
    private void changeTheRootBelow(Machine reader) throws Exception {
        String sum = sum(reader);
        String boot = bootId(reader);
        nbroot.run(
                "enter",
                ROOT,
                "--",
                "sh",
                "-euc",
                KernelRepository.CHOOSE + "; echo entered >/etc/marker; echo '# changed' >>/etc/bash.bashrc");
        assertThat(roots.tree(ROOT).resolve("etc/marker")).hasContent("entered\n");
        nbroot.run("upgrade", ROOT);
        assertThat(roots.tree(ROOT).getParent()).hasFileName("3");
        assertThat(sum(reader)).isEqualTo(sum);
        assertThat(bootId(reader)).isEqualTo(boot);
        boots(reader, 1, older);
        assertThat(reader.fails("test -e /etc/marker")).isTrue();
        assertThat(say(reader, "ls /lib/modules")).isEqualTo(older);
    }

    /** {@return the contents of files of which some are others in the next generations, read anew} */
    private static String sum(Machine machine) throws InterruptedException {
        return say(
                machine,
                "sudo sh -c 'echo 3 >/proc/sys/vm/drop_caches;"
                        + " cat /etc/bash.bashrc /etc/apt/sources.list /var/lib/dpkg/status /boot/vmlinuz-* /usr/bin/[a-d]*"
                        + " 2>/dev/null' | sha256sum");
    }

    /** Kernel, initrd, modules and root of what runs are one generation's. */
    private void boots(Machine machine, int generation, String kernel) throws InterruptedException {
        boolean persistent = say(machine, "findmnt -no FSTYPE /").equals("nfs");
        assertThat(say(machine, "uname -r")).isEqualTo(kernel);
        assertThat(say(machine, "grep -o '" + ROOT + "/[0-9]*' /proc/cmdline | sort -u"))
                .isEqualTo(ROOT + "/" + generation);
        assertThat(say(machine, "findmnt -no SOURCE " + (persistent ? "/" : "/run/nbroot/lower")))
                .endsWith(persistent ? "/clients/" + KEEPER + "/root" : "/" + ROOT + "/" + generation + "/root");
        assertThat(say(
                        machine,
                        "test -f /lib/modules/$(uname -r)/modules.dep && sudo modprobe dm_mod"
                                + " && grep -c ^dm_mod /proc/modules"))
                .isEqualTo("1");
        assertThat(say(machine, "sudo systemctl --failed --no-legend")).isEmpty();
    }

    private Machine on(Lab lab, int index, MacAddress mac) {
        return new Machine(
                lab.powerOn(index, mac, MACHINE),
                lab.secureShell().withKey(roots.privateKey()),
                "admin@" + lab.subnet().client(index));
    }

    /** The server lets go of a machine's view some time after the machine has fallen silent. */
    private List<String> whenItIsOff(String... words) throws InterruptedException {
        long giveUp = System.nanoTime() + LETTING_GO.toNanos();
        Commands.Result result = nbroot.attempt(words);
        while (result.status() == LOCKED && System.nanoTime() < giveUp) {
            Thread.sleep(2000);
            result = nbroot.attempt(words);
        }
        assertThat(result.status()).as(result.text()).isZero();
        return result.lines();
    }

    /** {@return the files that the keeper has of its own, by the command's word} */
    private List<String> changed() throws IOException {
        JsonNode diff = new ObjectMapper()
                .readTree(String.join("\n", nbroot.run("diff", "--mac", KEEPER.colons(), "--json", "--quiet")));
        return diff.findValuesAsText("path");
    }

    private static String bootId(Machine machine) throws InterruptedException {
        return say(machine, "cat /proc/sys/kernel/random/boot_id");
    }

    private static String say(Machine machine, String command) throws InterruptedException {
        return machine.saysAtLast(command, BOOT);
    }
}
