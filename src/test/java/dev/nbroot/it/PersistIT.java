package dev.nbroot.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nbroot.report.Events;
import dev.nbroot.state.KeptDirectories;
import dev.nbroot.state.KeptDirectory;
import dev.nbroot.state.StateDirectory;
import dev.nbroot.system.Commands;
import dev.nbroot.system.Invocation;
import dev.nbroot.system.MacAddress;
import dev.nbroot.system.linux.LinuxCommands;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A stateless machine keeps what its profile's {@code persist} names, and nothing else. */
@Timeout(5400)
class PersistIT {
    private static final MacAddress MAC = MacAddress.parse("52:54:00:6e:62:11");
    private static final MacAddress STRANGER = MacAddress.parse("52:54:00:6e:62:12");
    private static final Path DATA = Path.of("/var/lib/foo-bar/data");
    private static final Path LATE = Path.of("/opt/late");
    private static final Path OF_SYSTEMD = Path.of("/var/lib/systemd");
    private static final String SEED = "sudo base64 -w 0 " + OF_SYSTEMD + "/random-seed";

    /** Stopped in the order in which NetworkManager is, which systemd stops behind what is mounted over the network. */
    private static final String LAST_WORDS =
            "sudo systemd-run --unit=last -p RemainAfterExit=yes -p Before=network.target"
                    + " -p 'ExecStop=/bin/sh -c \"sleep 5; echo last words >>" + DATA + "/last\"' true";

    /**
     * /etc/ssh too, so that the machine is known again after a reboot, and directories that are needed before the first
     * service starts and after the last one has ended.
     */
    private static final String PROFILE = """
            name: persist-%s
            include: [%s]
            bootstrap: {suite: %s}
            initramfs: {generator: %s}
            persist: [/home, %s, /etc/ssh, /var/lib/systemd, /var/log%s]
            hooks:
              customize:
                - {run: "mkdir -p %s && echo first >%s/seed && chown -R 1234:5678 %s && chmod 2750 %s", chroot: true}
            """;

    @TempDir
    private Path scratch;

    private final Commands commands = new LinuxCommands(Events.none());
    private BuiltRoots roots;
    private KeptDirectories kept;

    @BeforeEach
    void needs() throws IOException {
        BootLab.needs();
        roots = BuiltRoots.with();
        kept = new KeptDirectories(new StateDirectory(roots.program().state()));
    }

    @Test
    void bookworm() throws Exception {
        keepsChosenDirectoriesOverRebootsAndGenerations("bookworm", "auto");
    }

    @Test
    void trixie() throws Exception {
        keepsChosenDirectoriesOverRebootsAndGenerations("trixie", "auto");
    }

    @Test
    void trixieByDracut() throws Exception {
        keepsChosenDirectoriesOverRebootsAndGenerations("trixie", "dracut");
    }

    private void keepsChosenDirectoriesOverRebootsAndGenerations(String suite, String generator) throws Exception {
        HostSnapshot before = HostSnapshot.take();
        build(suite, generator, "");
        BootLab.stage(roots, scratch, "persist-" + suite);
        roots.program().run("clone", "persist-" + suite, "--mac", MAC.colons(), "--mode", "stateless");
        try (BootLab lab = new BootLab(roots, scratch, MAC, STRANGER)) {
            Machine machine;
            int generation;
            try (ServeProcess first = lab.serve()) {
                machine = lab.powerOn(MAC);
                machine.awaitLogin(BootLab.BOOT);
                generation = generation(machine);
                isMounted(machine, Path.of("/home"));
                isMounted(machine, DATA);
                assertThat(machine.says("sudo cat " + DATA + "/seed; stat -c %u:%g:%a " + DATA))
                        .isEqualTo("first\n1234:5678:2750");
                assertThat(machine.says("sudo systemctl --failed --no-legend; systemctl is-active nbroot-persist"))
                        .isEqualTo("active");
                isUnmountedByNoUnit(machine);
                ModeFigures.note("stateless with persist, " + suite + " " + generator, machine);
                machine.says("echo kept >~/file && echo kept | sudo tee " + DATA + "/file >/dev/null"
                        + " && sudo touch /srv/lost /var/lib/lost");
                machine.says("sudo systemd-run --unit=fill sh -c 'i=0; while [ $i -lt 100 ]; do i=$((i+1));"
                        + " echo line $i >>" + DATA + "/lines; sync " + DATA + "/lines; done'");
                machine.says(LAST_WORDS);
                first.kill();
            }
            try (ServeProcess second = lab.serve()) {
                machine.says(
                        "until systemctl show -P SubState fill | grep -v running; do sleep 1; done",
                        Duration.ofMinutes(10));
                machine.reboot(BootLab.BOOT);
                hasItsFiles(machine);
                hasItsLastWords(machine);
                assertThat(machine.hardware().serialText()).doesNotContain("NOT KEPT", "waiting for");

                build(suite, generator, ", " + LATE);
                whatTheServerHasNotIsWaitedFor(machine);
                hasItsFiles(machine);
                isMounted(machine, LATE);
                machine.says("sudo touch " + LATE + "/new");
                assertThat(generation(machine)).isEqualTo(generation + 1);

                roots.program().run("rollback", "persist-" + suite);
                // Trees of other tests are gone, and gc insists on all it knows.
                Files.writeString(roots.program().state().resolve("boot-trees"), BootLab.tree(scratch) + "\n");
                roots.program().run("gc");
                assertThat(kept.of(MAC, LATE).directory().resolve("new")).exists();
                strangersAreTold(lab);
                String seed = machine.says(SEED);
                machine.powerOff();
                assertThat(seedOnTheServer())
                        .as("the seed that the machine saved when it went down")
                        .isNotEqualTo(seed);
                assertThat(second.terminate()).isZero();
            }
        }
        Path data = kept.of(MAC, DATA).directory();
        assertThat(Files.readAllLines(data.resolve("lines"))).hasSize(100);
        assertThat(commands.run(Invocation.of("stat", "-c", "%u:%g:%a", data.toString()))
                        .text())
                .isEqualTo("1234:5678:2750");
        before.assertNothingLeft();
    }

    private void build(String suite, String generator, String more) throws IOException {
        Path base = Path.of("profiles/" + suite + ".yaml").toAbsolutePath();
        Path profile = Files.writeString(
                scratch.resolve(suite + ".yaml"),
                PROFILE.formatted(suite, base, suite, generator, DATA, more, DATA, DATA, DATA, DATA));
        roots.program().run("build", profile.toString());
    }

    /** The command line has {@code .../roots/NAME/NUMBER/root}. */
    private static int generation(Machine machine) {
        return Integer.parseInt(machine.says("grep -o 'roots/[^/]*/[0-9]*' /proc/cmdline | head -n 1 | cut -d/ -f3"));
    }

    private static void isUnmountedByNoUnit(Machine machine) {
        String mounts =
                machine.says("systemctl show -p ActiveState -p Conflicts $(systemd-escape -p --suffix=mount /home "
                        + DATA + " /etc/ssh " + OF_SYSTEMD + " /var/log)");
        assertThat(mounts.split("ActiveState=active", -1)).as(mounts).hasSize(6);
        assertThat(mounts).doesNotContain("umount.target");
    }

    private static void hasItsLastWords(Machine machine) {
        assertThat(machine.says("sudo cat " + DATA + "/last")).isEqualTo("last words");
        assertThat(machine.says("sudo journalctl -b -1 -u last -o cat")).contains("last.service: Deactivated");
        assertThat(machine.says("sudo journalctl --no-pager | grep -c 'ordering cycle' || true"))
                .isEqualTo("0");
    }

    private String seedOnTheServer() throws IOException {
        Path seed = kept.of(MAC, OF_SYSTEMD).directory().resolve("random-seed");
        return Base64.getEncoder().encodeToString(Files.readAllBytes(seed));
    }

    private static void isMounted(Machine machine, Path path) {
        assertThat(machine.says("findmnt -no FSTYPE,OPTIONS " + path)).matches("nfs +rw,.*vers=3.*");
    }

    private static void hasItsFiles(Machine machine) {
        isMounted(machine, Path.of("/home"));
        isMounted(machine, DATA);
        assertThat(machine.says("cat ~/file; sudo cat " + DATA + "/file; sudo tail -n 1 " + DATA + "/lines"))
                .isEqualTo("kept\nkept\nline 100");
        assertThat(machine.fails("ls /srv/lost")).isTrue();
        assertThat(machine.fails("ls /var/lib/lost")).isTrue();
    }

    /** A directory is away: the machine says so and does not go on into memory; when it is back, the machine boots. */
    private void whatTheServerHasNotIsWaitedFor(Machine machine) throws Exception {
        KeptDirectory data = kept.of(MAC, DATA);
        Path aside = data.directory().resolveSibling(KeptDirectories.BEING_MADE + "test");
        int seen = machine.hardware().serialText().length();
        machine.shell().run(machine.login(), "sudo systemctl reboot");
        Thread.sleep(5000);
        Files.move(data.directory(), aside);
        machine.awaitConsole(seen, "waiting for " + DATA, BootLab.BOOT);
        assertThat(machine.hardware().serialText().substring(seen)).doesNotContain("login:");
        Files.move(aside, data.directory());
        machine.awaitLogin(BootLab.BOOT);
    }

    private void strangersAreTold(BootLab lab) throws Exception {
        Machine stranger = lab.powerOn(STRANGER);
        stranger.awaitLogin(BootLab.BOOT);
        ModeFigures.note("stateless", stranger);
        assertThat(stranger.hardware().serialText())
                .contains("NOT KEPT over a reboot: /home " + DATA + " /etc/ssh " + OF_SYSTEMD
                        + " /var/log, because this machine is no client");
        assertThat(stranger.says("sudo systemctl --failed --no-legend; systemctl is-active systemd-random-seed"))
                .isEqualTo("active");
        assertThat(stranger.says("findmnt -no FSTYPE -T /home")).isEqualTo("overlay");
        stranger.powerOff();
    }
}
