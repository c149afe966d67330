package dev.nbroot.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.nbroot.it.BusyRoot;
import dev.nbroot.it.HostSnapshot;
import dev.nbroot.it.Needs;
import dev.nbroot.it.Thorough;
import dev.nbroot.report.Event;
import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import dev.nbroot.state.ClientRecord;
import dev.nbroot.state.Generation;
import dev.nbroot.state.Generations;
import dev.nbroot.state.Manifest;
import dev.nbroot.system.DiskUsage;
import dev.nbroot.system.Overlays;
import dev.nbroot.system.StateLock;
import dev.nbroot.system.linux.LinuxPosixFiles;
import dev.nbroot.system.tree.TreeDigest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Work in copies of a small root, in real namespaces and on real overlays. */
class EnterRootIT {
    private ClientUpkeep upkeep;
    private Generation first;
    private String before;
    private HostSnapshot host;

    @BeforeEach
    void prepare() throws IOException {
        Needs.root();
        upkeep = new ClientUpkeep();
        first = upkeep.state.publish("bookworm");
        BusyRoot.in(first.tree());
        before = digest(first);
        host = HostSnapshot.take();
    }

    @AfterEach
    void clean() throws IOException, InterruptedException {
        if (upkeep != null) {
            host.assertNothingLeft();
            assertThat(digest(first)).as("the generation that was entered").isEqualTo(before);
            assertThat(upkeep.state.directory().root("bookworm").resolve(".building"))
                    .doesNotExist();
            upkeep.close();
        }
    }

    private static String digest(Generation generation) {
        return new TreeDigest(new LinuxPosixFiles()).of(generation.tree()).text();
    }

    private Generation current() {
        return new Generations(upkeep.state.directory()).require("bookworm");
    }

    private static UpkeepOutcome sh(ClientUpkeep upkeep, String script) {
        return upkeep.enter("sh", "-c", script);
    }

    @Test
    void whatACommandDoesIsTheNextGeneration() throws IOException {
        UpkeepOutcome outcome = sh(upkeep, """
                echo hello >/etc/motd && rm /usr/bin/tool && mkdir -p /opt/new/dir && touch /opt/new/dir/file &&
                echo left >/tmp/left && echo left >/run/left && echo x >/var/lib/apt/lists/x && echo y >/root/.bash_history &&
                hostname >/srv/name && ls /dev >/srv/dev && cat /proc/1/comm && id
                """);

        Generation next = current();
        assertThat(next.number()).isEqualTo(2);
        assertThat(outcome.made().orElseThrow().generation()).isEqualTo(2);
        assertThat(outcome.made().orElseThrow().parent()).isEqualTo(1);
        Path tree = next.tree();
        assertThat(tree.resolve("etc/motd")).hasContent("hello\n");
        assertThat(tree.resolve("usr/bin/tool")).doesNotExist();
        assertThat(tree.resolve("opt/new/dir/file")).exists();
        for (String empty : List.of("tmp", "run", "dev", "proc", "sys", "var/lib/apt/lists")) {
            assertThat(tree.resolve(empty)).isEmptyDirectory();
        }
        assertThat(tree.resolve("root/.bash_history")).doesNotExist();
        assertThat(tree.resolve("usr/sbin/policy-rc.d")).doesNotExist();
        assertThat(tree.resolve("usr/sbin/start-stop-daemon.REAL")).doesNotExist();
        assertThat(tree.resolve("usr/sbin/start-stop-daemon")).content().contains("echo started");
        assertThat(tree.resolve("srv/dev")).content().contains("null", "pts").doesNotContain("sda", "vda");
        Manifest manifest = upkeep.state.files().manifest(next);
        Manifest parent = upkeep.state.files().manifest(first);
        assertThat(manifest.origin().by()).isEqualTo("enter");
        assertThat(manifest.origin().parent()).isEqualTo("bookworm/1");
        assertThat(manifest.origin().detail()).startsWith("sh -c ");
        assertThat(manifest.inputs()).matches("[0-9a-f]{64}").isNotEqualTo(parent.inputs());
        assertThat(manifest.generation()).isEqualTo(2);
        assertThat(manifest.packages()).containsExactly(new Manifest.InstalledPackage("tool", "1", "amd64"));
        assertThat(manifest.hashes()).containsOnlyKeys("vmlinuz", "initrd");
        assertThat(next.kernel()).hasSameTextualContentAs(first.kernel());
        assertThat(next.directory().resolve("sbom.spdx.json")).content().contains("\"tool\"");
        assertThat(upkeep.state.files().manifest(first).origin()).isEqualTo(Manifest.Origin.BUILD);
    }

    @Test
    void whatDoesNotEndWellIsThrownAway() {
        Thorough.only();
        assertThatExceptionOfType(Failure.class)
                .isThrownBy(() -> sh(upkeep, "echo hello >/etc/motd; exit 3"))
                .withMessage("sh ended with exit status 3: nothing of what was done is kept")
                .satisfies(failure -> assertThat(failure.kind()).isEqualTo(FailureKind.COMMAND));
        assertThat(current().number()).isEqualTo(1);
        assertThat(new Generations(upkeep.state.directory()).all("bookworm")).hasSize(1);
    }

    @Test
    void whatChangesNothingMakesNothing() {
        UpkeepOutcome outcome =
                sh(upkeep, "touch /etc/hosts; chmod 600 /etc/hosts; chmod 644 /etc/hosts; echo t >/tmp/t");
        assertThat(outcome.made()).isEmpty();
        assertThat(outcome.text()).isEqualTo("nothing differs: bookworm/1 stays current");
        assertThat(current().number()).isEqualTo(1);
    }

    @Test
    void theInitrdIsMadeAnewWhenSomethingInItMayHaveChanged() throws IOException {
        Thorough.only();
        sh(upkeep, "echo hello >/etc/motd");
        assertThat(current().initrd()).hasSameTextualContentAs(first.initrd());
        sh(upkeep, "echo hello >/usr/bin/hello");
        assertThat(current().number()).isEqualTo(3);
        assertThat(current().initrd()).hasContent("initrd for 6.1.0-1-amd64\n");
        assertThat(upkeep.state.files().manifest(current()).steps())
                .extracting(Manifest.Step::name)
                .containsExactly("initramfs", "clean", "check", "write");
    }

    @Test
    void noServiceIsStartedAndNothingKeepsRunning() throws IOException {
        Thorough.only();
        sh(upkeep, "/usr/sbin/start-stop-daemon --start; echo x >/etc/motd; sleep 1000 & true");
        assertThat(current().tree().resolve("srv/started")).doesNotExist();
        assertThat(upkeep.events)
                .anyMatch(event ->
                        event instanceof Event.Notice notice && notice.text().contains("sleep 1000"));
    }

    @Test
    void whatIsNotFitIsNotPublished() {
        Thorough.only();
        assertThatExceptionOfType(Failure.class)
                .isThrownBy(() -> sh(upkeep, "echo '/dev/sda1 / ext4 defaults 0 1' >/etc/fstab"))
                .withMessageContaining("not fit to be published: /etc/fstab has an entry for /");
        assertThat(current().number()).isEqualTo(1);
    }

    @Test
    void twoCannotWorkOnOneRoot() {
        Thorough.only();
        Path lock = upkeep.state.directory().lock("root-bookworm");
        StateLock held = StateLock.take(lock, "root bookworm");
        try {
            assertThatExceptionOfType(Failure.class)
                    .isThrownBy(() -> sh(upkeep, "true"))
                    .satisfies(failure -> assertThat(failure.kind()).isEqualTo(FailureKind.LOCKED));
        } finally {
            held.close();
        }
    }

    @Test
    void anUpgradeIsOneGenerationOrNone() throws IOException {
        assertThat(upkeep.upgrade().text()).isEqualTo("nothing to upgrade: bookworm/1 stays current");

        sh(upkeep, "mkdir -p /srv/next/usr/bin /srv/next/var/lib/dpkg && echo new >/srv/next/usr/bin/tool");
        Path status = current().tree().resolve("srv/next/var/lib/dpkg/status");
        Files.writeString(status, BusyRoot.status("2"));
        DerivedOutcome upgraded = upkeep.upgrade().made().orElseThrow();
        assertThat(upgraded.generation()).isEqualTo(3);
        assertThat(current().tree().resolve("usr/bin/tool")).hasContent("new\n");
        Manifest manifest = upkeep.state.files().manifest(current());
        assertThat(manifest.origin()).isEqualTo(new Manifest.Origin("upgrade", "bookworm/2", ""));
        assertThat(manifest.packages()).containsExactly(new Manifest.InstalledPackage("tool", "2", "amd64"));

        sh(upkeep, "touch /srv/broken");
        assertThatExceptionOfType(Failure.class)
                .isThrownBy(() -> upkeep.upgrade())
                .satisfies(failure -> {
                    assertThat(failure.kind()).isEqualTo(FailureKind.COMMAND);
                    assertThat(failure.details()).contains("E: broken");
                });
        assertThat(current().number()).isEqualTo(4);
    }

    /** It is no reason to say that the disk is too small, and is copied as a hole. */
    @Test
    void aHoleTakesNoSpace() throws IOException {
        Thorough.only();
        sh(upkeep, "busybox truncate -s 1099511627776 /srv/hole");
        sh(upkeep, "echo hello >/etc/motd");
        Path hole = current().tree().resolve("srv/hole");
        assertThat(current().number()).isEqualTo(3);
        assertThat(Files.size(hole)).isEqualTo(1L << 40);
        assertThat(new DiskUsage(upkeep.commands).of(hole)).isZero();
    }

    /** A command that was killed right after it has published a generation leaves an older one in the boot tree. */
    @Test
    void whereNothingDiffersTheBootTreeIsBroughtUpToDate() throws IOException {
        Path tftp = upkeep.top.resolve("tftp");
        Path menu = tftp.resolve("pxelinux.cfg/default");
        upkeep.stage.run(StageRequest.of(List.of(), tftp, "192.0.2.1", Optional.empty()));
        for (Supplier<UpkeepOutcome> command :
                List.<Supplier<UpkeepOutcome>>of(upkeep::upgrade, () -> upkeep.enter("true"))) {
            BusyRoot.in(upkeep.state.publish("bookworm").tree());
            assertThat(menu).content().doesNotContain(current().tree().toString());
            assertThat(command.get().made()).isEmpty();
            assertThat(menu).content().contains(current().tree().toString());
        }
    }

    @Test
    void aMachinesViewIsEnteredWhileItIsOff() throws IOException {
        upkeep.cloned();
        upkeep.enter(inView("sh", "-c", """
                hostname >/srv/name && [ "$INITRD" != No ] && echo other >/etc/motd && echo t >/tmp/t && echo r >/run/r
                /usr/sbin/start-stop-daemon --start
                """));
        assertThat(upkeep.diff().files().stream().map(DiffOutcome.FileChange::path))
                .contains("/etc/motd", "/srv/name")
                .noneMatch(path -> path.matches("/(tmp|run|dev|proc)/.*|/usr/.*|/srv/started"));
        upkeep.write(view -> assertThat(view.resolve("srv/name")).hasContent("node1\n"));
        assertThatExceptionOfType(Failure.class)
                .isThrownBy(() -> upkeep.enter(inView("sh", "-c", "echo more >/etc/more; exit 4")))
                .withMessage("sh ended with exit status 4; what was done in the view of node1 stays");
        upkeep.write(view -> assertThat(view.resolve("etc/more")).exists());
        try (Overlays.View on = upkeep.on()) {
            assertThatExceptionOfType(Failure.class)
                    .isThrownBy(() -> upkeep.enter(inView("true")))
                    .withMessage("52:54:00:12:34:56 (node1) is on, or was a moment ago: its view is being served");
            assertThat(on.path().resolve("etc/more")).exists();
        }
        assertThat(upkeep.state.directory().cache()).isEmptyDirectory();
    }

    /** After it was asked whether it is off, and before its view is mounted. */
    @Test
    void aMachineThatIsSwitchedOnAtTheLastMomentIsOn() throws IOException {
        upkeep.cloned();
        upkeep.write(view -> {
            Files.writeString(view.resolve("etc/mine"), "mine");
            Files.writeString(view.resolve("etc/too"), "too");
        });
        List<Overlays.View> on = new ArrayList<>();
        String layer = "upperdir=" + upkeep.directory().resolve("upper");
        upkeep.beforehand = command -> {
            if (command.quoted().contains(layer)) {
                on.add(upkeep.on());
            }
        };
        for (ThrowingCallable command : List.<ThrowingCallable>of(
                () -> upkeep.enter(inView("true")),
                upkeep::commit,
                () -> upkeep.reset().run(new ResetRequest(ClientUpkeep.MAC, List.of("/etc/too"))))) {
            assertThatExceptionOfType(Failure.class)
                    .isThrownBy(command)
                    .withMessage("52:54:00:12:34:56 (node1) is on, or was a moment ago: its view is being served")
                    .satisfies(failure -> assertThat(failure.kind()).isEqualTo(FailureKind.LOCKED));
            assertThat(on).hasSize(1);
            assertThat(on.get(0).path().resolve("etc/mine")).hasContent("mine");
            on.remove(0).close();
        }
        assertThat(current().number()).isEqualTo(1);
        assertThat(upkeep.state.directory().cache()).isEmptyDirectory();
    }

    private static EnterRequest inView(String... argv) {
        return new EnterRequest(Optional.empty(), Optional.of(ClientUpkeep.MAC), List.of(argv), false);
    }

    @Test
    void aMachinesChangesBecomeTheNextGeneration() throws IOException {
        ClientRecord client = upkeep.cloned();
        assertThat(upkeep.commit().text())
                .isEqualTo("node1 has changed nothing but what is its own: no generation was made");
        List<DiffOutcome.FileChange> own = upkeep.diff().files();
        upkeep.write(view -> {
            Files.writeString(view.resolve("etc/motd"), "committed\n");
            Files.writeString(
                    view.resolve("etc/hosts"), Files.readString(view.resolve("etc/hosts")) + "10.0.0.9 nas\n");
            Files.createDirectories(view.resolve("var/log/journal").resolve(client.machineId()));
            Files.delete(view.resolve("usr/bin/tool"));
        });

        DerivedOutcome made = upkeep.commit().made().orElseThrow();

        assertThat(made.generation()).isEqualTo(2);
        Path tree = current().tree();
        assertThat(tree.resolve("etc/motd")).hasContent("committed\n");
        assertThat(tree.resolve("usr/bin/tool")).doesNotExist();
        assertThat(tree.resolve("etc/hostname")).hasContent("bookworm\n");
        assertThat(tree.resolve("etc/hosts"))
                .hasContent("127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost\n10.0.0.9 nas\n");
        assertThat(tree.resolve("etc/machine-id")).isEmptyFile();
        assertThat(tree.resolve("etc/ssh")).isEmptyDirectory();
        assertThat(tree.resolve("var/log/journal")).isEmptyDirectory();
        assertThat(upkeep.state.files().manifest(current()).origin())
                .isEqualTo(new Manifest.Origin("commit", "bookworm/1", "52:54:00:12:34:56 (node1)"));
        ClientRecord moved = upkeep.client();
        assertThat(moved.generation()).isEqualTo(2);
        assertThat(moved.machineId()).isEqualTo(client.machineId());
        assertThat(upkeep.diff().files())
                .extracting(DiffOutcome.FileChange::path)
                .containsExactlyElementsOf(
                        own.stream().map(DiffOutcome.FileChange::path).toList());
        assertThat(upkeep.diff().files())
                .filteredOn(file -> file.path().startsWith("/etc/ssh/"))
                .isEqualTo(own.stream()
                        .filter(file -> file.path().startsWith("/etc/ssh/"))
                        .toList());
        upkeep.write(view -> {
            assertThat(view.resolve("etc/motd")).hasContent("committed\n");
            assertThat(view.resolve("etc/hostname")).hasContent("node1\n");
        });
    }

    @Test
    void aMachineOnAnOlderGenerationIsNotCommitted() throws IOException {
        Thorough.only();
        upkeep.cloned();
        sh(upkeep, "echo hello >/etc/motd");
        upkeep.write(view -> Files.writeString(view.resolve("etc/mine"), "mine"));
        assertThatExceptionOfType(Failure.class)
                .isThrownBy(() -> upkeep.commit())
                .withMessage(
                        "52:54:00:12:34:56 (node1) works on bookworm/1, but bookworm/2 is current, and would be lost")
                .satisfies(failure ->
                        assertThat(failure.hint()).isEqualTo("first: nbroot rebase --mac 52:54:00:12:34:56"));
    }
}
