package dev.nbroot.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.nbroot.system.Commands;
import dev.nbroot.system.MacAddress;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Machines whose root is an image in their memory boot from {@code nbroot serve}, and then do without it. {@code
 * -Dnbroot.toram=trixie/dracut/http} tries that one only.
 */
@Timeout(3600)
class ToramIT {
    private static final MacAddress MAC = MacAddress.parse("52:54:00:6e:62:0e");

    @TempDir
    private Path scratch;

    private BuiltRoots roots;
    private String root;

    @BeforeEach
    void needs() {
        BootLab.needs("mksquashfs");
    }

    /** With {@code off} nobody listens where the machine asks first. */
    @ParameterizedTest
    @CsvSource({
        "bookworm, initramfs-tools, 80, http",
        "bookworm, initramfs-tools, off, tftp",
        "trixie, initramfs-tools, 80, http",
        "trixie, dracut, 80, http",
        "trixie, dracut, off, tftp",
        "forky, dracut, 80, http",
    })
    void aMachineRunsOnWithoutItsServer(String suite, String generator, String port, String protocol) throws Exception {
        String chosen = System.getProperty("nbroot.toram", "");
        assumeTrue(
                chosen.isEmpty() || chosen.equals(suite + "/" + generator + "/" + protocol),
                "-Dnbroot.toram=" + chosen + " chooses another");
        HostSnapshot before = HostSnapshot.take();
        build(suite, generator);
        try (BootLab lab = new BootLab(roots, scratch, MAC)) {
            Machine machine;
            String firstKeys;
            try (ServeProcess serve = lab.serve("--http-port", port)) {
                machine = lab.powerOn(MAC);
                machine.awaitLogin(BootLab.BOOT);
                ModeFigures.note("toram, " + suite + " " + generator + " " + protocol, machine);
                assertThat(serve.lines())
                        .anyMatch(line -> line.contains(" " + protocol + " ")
                                && line.contains("root.squashfs: done")
                                && line.contains("bytes="));
                assertThat(serve.lines()).as("NFS is not used").noneMatch(line -> line.contains(" mount "));
                firstKeys = machine.says("cat /etc/ssh/ssh_host_ed25519_key.pub");
                serve.kill();
            }
            worksAlone(machine);
            machine.says("ping -c 1 127.0.0.1");
            assertThat(machine.says("cat /etc/ssh/ssh_host_ed25519_key.pub")).isEqualTo(firstKeys);
            machine.powerOff();
        }
        before.assertNothingLeft();
    }

    private static void worksAlone(Machine machine) {
        machine.says("sudo sh -c 'sync; echo 3 >/proc/sys/vm/drop_caches'");
        assertThat(machine.says("hostname; cat /etc/machine-id | wc -c; findmnt -no FSTYPE /"))
                .isEqualTo("ram\n33\noverlay");
        assertThat(machine.says("findmnt -no FSTYPE,OPTIONS /run/nbroot/lower")).startsWith("squashfs");
        assertThat(machine.says("findmnt -no FSTYPE,OPTIONS /run/nbroot/image"))
                .startsWith("tmpfs")
                .contains("ro");
        // Not by name: dracut leaves /var/lib/nfs/rpc_pipefs behind, which is no mount of a server's.
        assertThat(machine.says("awk '$3 ~ /^nfs/' /proc/mounts")).isEmpty();
        // Most of it was never read before.
        machine.says(
                "sudo sh -c 'find /usr/bin /usr/sbin /usr/share /etc /var -xdev -type f -print0 | xargs -0 cat >/dev/null'",
                Duration.ofMinutes(15));
        machine.says("dpkg --verify bash openssh-server", Duration.ofMinutes(10));
        assertThat(machine.says("echo kept | sudo tee /srv/file >/dev/null && cat /srv/file && sudo rm /usr/bin/yes"))
                .isEqualTo("kept");
        assertThat(machine.fails("test -e /usr/bin/yes")).isTrue();
        assertThat(machine.says("sudo systemctl --failed --no-legend")).isEmpty();
    }

    /** What a profile says holds for machines that nobody cloned. */
    @Test
    void aMachineThatNobodyKnowsTooWhenTheProfileSaysSo() throws Exception {
        HostSnapshot before = HostSnapshot.take();
        roots = BuiltRoots.with();
        root = "toram-unknown";
        Path profile = Files.writeString(
                scratch.resolve("unknown.yaml"),
                "name: %s\ninclude: [%s]\nboot: {mode: toram}\n"
                        .formatted(root, Path.of("profiles/bookworm.yaml").toAbsolutePath()));
        roots.program().run("build", profile.toString());
        BootLab.stage(roots, scratch, root, "--http-port", "8080");
        Commands.Result tested = roots.program().attempt("test", "--timeout", Long.toString(BootLab.BOOT.toSeconds()));
        assertThat(tested.text()).contains("image loaded");
        assertThat(tested.status()).as(tested.text()).isZero();
        before.assertNothingLeft();
    }

    @Test
    void whatIsNotWhatWasStagedIsNotBooted() throws Exception {
        HostSnapshot before = HostSnapshot.take();
        build("bookworm", "initramfs-tools");
        Path image = BootLab.tree(scratch).resolve("nbroot/" + root + "/1/root.squashfs");
        try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
            file.seek(file.length() / 2);
            int old = file.read();
            file.seek(file.length() / 2);
            file.write(old ^ 1);
        }
        try (BootLab lab = new BootLab(roots, scratch, MAC);
                ServeProcess serve = lab.serve()) {
            Machine machine = lab.powerOn(MAC);
            machine.awaitConsole(0, "not booting", BootLab.BOOT);
            assertThat(machine.hardware().serialText())
                    .containsPattern("nbroot: not booting (http|tftp)://10.77.0.1/nbroot/" + root + "/1/root.squashfs:"
                            + " SHA-256 differs: expected [0-9a-f]{64}, found [0-9a-f]{64}")
                    .doesNotContain("login:");
            machine.hardware().close();
            assertThat(serve.terminate()).isZero();
        }
        before.assertNothingLeft();
    }

    private void build(String suite, String generator) throws IOException {
        roots = BuiltRoots.with();
        root = "toram-" + suite + "-" + generator.substring(0, 2);
        Path profile = Files.writeString(
                scratch.resolve(suite + ".yaml"),
                "name: %s\ninclude: [%s]\ninitramfs: {generator: %s}\n"
                        .formatted(root, Path.of("profiles/" + suite + ".yaml").toAbsolutePath(), generator));
        roots.program().run("build", profile.toString());
        BootLab.stage(roots, scratch, root);
        roots.program().run("clone", root, "--mac", MAC.colons(), "--hostname", "ram", "--mode", "toram");
    }
}
