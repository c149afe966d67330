package dev.nbroot.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nbroot.it.BuildHarness;
import dev.nbroot.it.Needs;
import dev.nbroot.it.Traces;
import dev.nbroot.report.Event;
import dev.nbroot.report.Events;
import dev.nbroot.state.Generation;
import dev.nbroot.state.Manifest;
import dev.nbroot.state.StateDirectory;
import dev.nbroot.state.StateFiles;
import dev.nbroot.system.Commands;
import dev.nbroot.system.Invocation;
import dev.nbroot.system.Namespaces;
import dev.nbroot.system.linux.LinuxCommands;
import dev.nbroot.system.linux.LinuxNamespaces;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The shipped profile {@code bookworm}, built for real: every promise about a tree, looked at in the tree. Needs root,
 * debootstrap and a mirror. The state is the one that all integration tests of a Maven run share.
 */
@Timeout(900)
class BuildIT {
    private static final Path HOME = Path.of("target/it").toAbsolutePath();
    private static final StateDirectory STATE = new StateDirectory(HOME.resolve("state"));
    private static final Path PROFILE = Path.of("profiles/bookworm.yaml");
    private static final Commands COMMANDS = new LinuxCommands(Events.none());

    private static List<String> mountsBefore;
    private static BuildOutcome outcome;
    private static Path tree;
    private static Manifest manifest;

    @BeforeAll
    static void build() throws IOException {
        Needs.root();
        Needs.programs("debootstrap");
        Path key = HOME.resolve(".ssh/id_ed25519");
        if (!Files.exists(key)) {
            Files.createDirectories(key.getParent());
            COMMANDS.run(Invocation.of("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key.toString()));
        }
        mountsBefore = Traces.hostMounts();
        outcome = perform(Events.none());
        Generation generation = STATE.generation(outcome.name(), outcome.generation());
        tree = generation.tree();
        manifest = new StateFiles(STATE).manifest(generation);
    }

    private static BuildOutcome perform(Events events) {
        return BuildHarness.over(STATE.path(), HOME, events).run(BuildRequest.of(PROFILE));
    }

    private static List<String> inside(Namespaces.Namespace namespace, String... argv) {
        return COMMANDS.run(namespace.inside(Invocation.of(argv))).lines();
    }

    private static String mode(String path) throws IOException {
        return Files.getAttribute(tree.resolve(path), "unix:uid", LinkOption.NOFOLLOW_LINKS) + ":"
                + Files.getAttribute(tree.resolve(path), "unix:gid", LinkOption.NOFOLLOW_LINKS) + " "
                + Integer.toOctalString(
                        (Integer) Files.getAttribute(tree.resolve(path), "unix:mode", LinkOption.NOFOLLOW_LINKS)
                                & 07777);
    }

    private static String text(String path) throws IOException {
        return Files.readString(tree.resolve(path));
    }

    private static List<String> names(String directory) throws IOException {
        try (Stream<Path> files = Files.list(tree.resolve(directory))) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void nothingIsLeftOnTheHost() {
        assertThat(Traces.hostMounts()).isEqualTo(mountsBefore);
        assertThat(Traces.of(STATE.root("bookworm").resolve(".building"))).isEmpty();
        assertThat(STATE.root("bookworm").resolve(".building")).doesNotExist();
    }

    @Test
    void theOutcomeTellsTheGeneration() {
        assertThat(outcome.name()).isEqualTo("bookworm");
        assertThat(outcome.path()).isEqualTo(tree).isDirectory();
        assertThat(outcome.packages()).isGreaterThan(100);
        assertThat(tree.resolve("lib/modules").resolve(outcome.kernel())).isDirectory();
        assertThat(STATE.root("bookworm").resolve("current"))
                .satisfies(link -> assertThat(Files.readSymbolicLink(link))
                        .isEqualTo(Path.of(Integer.toString(outcome.generation()))));
    }

    @Test
    void aSecondBuildFindsNothingChangedInUnderASecond() {
        List<Event> events = new CopyOnWriteArrayList<>();
        BuildOutcome again = perform(events::add);
        assertThat(again.upToDate()).isTrue();
        assertThat(again.generation()).isEqualTo(outcome.generation());
        assertThat(again.kernel()).isEqualTo(outcome.kernel());
        assertThat(again.seconds()).isLessThan(1.0);
        assertThat(events).noneMatch(Event.StepStarted.class::isInstance);
    }

    @Test
    void theTopIsRootsAndOpenToAll() throws IOException {
        assertThat(mode("")).isEqualTo("0:0 755");
        assertThat(mode("tmp")).isEqualTo("0:0 1777");
        assertThat(mode("root")).isEqualTo("0:0 700");
        for (String empty : List.of("dev", "proc", "sys", "run", "tmp")) {
            assertThat(names(empty)).as(empty).isEmpty();
        }
    }

    @Test
    void theTreeHasNoIdentity() throws IOException {
        assertThat(mode("etc/machine-id")).isEqualTo("0:0 444");
        assertThat(text("etc/machine-id")).isEmpty();
        assertThat(names("etc/ssh")).noneMatch(name -> name.startsWith("ssh_host"));
        assertThat(tree.resolve("var/lib/dbus/machine-id")).doesNotExist();
        assertThat(tree.resolve("var/lib/systemd/random-seed")).doesNotExist();
        assertThat(tree.resolve("etc/systemd/system/multi-user.target.wants/nbroot-ssh-keys.service"))
                .isSymbolicLink();
    }

    @Test
    void theTreeHasNothingOfTheHostOrTheBuilding() throws IOException {
        String host = Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
        assertThat(text("etc/hostname")).isEqualTo("node\n");
        assertThat(text("etc/hosts")).contains("127.0.1.1 node\n");
        assertThat(text("etc/hosts").lines()).noneMatch(line -> line.matches(".*\\b" + Pattern.quote(host) + "\\b.*"));
        assertThat(Files.readSymbolicLink(tree.resolve("etc/resolv.conf")))
                .isEqualTo(Path.of("../run/systemd/resolve/stub-resolv.conf"));
        assertThat(tree.resolve("usr/sbin/policy-rc.d")).doesNotExist();
        assertThat(names("usr/sbin")).noneMatch(name -> name.endsWith(".REAL"));
        assertThat(mode("usr/sbin/start-stop-daemon")).isEqualTo("0:0 755");
        assertThat(text("var/lib/dpkg/diversions")).doesNotContain("start-stop-daemon");
        for (String directory : List.of("var/lib/apt/lists", "var/cache/apt")) {
            try (Stream<Path> below = Files.walk(tree.resolve(directory))) {
                assertThat(below.filter(Files::isRegularFile)).as(directory).isEmpty();
            }
        }
        assertThat(names("var/log")).noneMatch(name -> name.endsWith(".log"));
        assertThat(names("etc")).noneMatch(name -> name.endsWith("-"));
        assertThat(tree.resolve("debootstrap")).doesNotExist();
        assertThat(tree.resolve("etc/apt/sources.list")).doesNotExist();
    }

    @Test
    void aptKnowsTheSuiteItsUpdatesAndItsSecurity() throws IOException {
        assertThat(text("etc/apt/sources.list.d/debian.sources"))
                .contains("Suites: bookworm bookworm-updates\n")
                .contains("Suites: bookworm-security\n")
                .contains("Components: main non-free-firmware\n")
                .contains("Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg\n");
    }

    @Test
    void theUserCanLogInAndBecomeRoot() throws IOException {
        String admin = text("etc/passwd")
                .lines()
                .filter(line -> line.startsWith("admin:"))
                .findFirst()
                .orElseThrow();
        assertThat(admin).isEqualTo("admin:x:1000:1000:Administrator:/home/admin:/bin/bash");
        assertThat(text("etc/shadow").lines().filter(line -> line.matches("(root|admin):.*")))
                .allMatch(line -> line.matches("\\w+:[!*]:.*"));
        assertThat(text("etc/group").lines().filter(line -> line.startsWith("sudo:")))
                .containsExactly("sudo:x:27:admin");
        assertThat(mode("etc/sudoers.d/nbroot-admin")).isEqualTo("0:0 440");
        assertThat(mode("home/admin/.ssh")).isEqualTo("1000:1000 700");
        assertThat(mode("home/admin/.ssh/authorized_keys")).isEqualTo("1000:1000 600");
        assertThat(text("home/admin/.ssh/authorized_keys"))
                .isEqualTo(Files.readString(HOME.resolve(".ssh/id_ed25519.pub")));
        assertThat(mode("etc/shadow")).isEqualTo("0:42 640");
        assertThat(mode("usr/bin/sudo")).isEqualTo("0:0 4755");
        assertThat(mode("usr/bin/ping"))
                .as("the package's way where files have no capabilities")
                .isEqualTo("0:0 4755");
    }

    @Test
    void theNetworkIsSetUpForAnNfsRoot() throws IOException {
        assertThat(text("etc/systemd/network/50-nbroot-ethernet.network")).contains("KeepConfiguration=yes");
        for (String unit : List.of(
                "multi-user.target.wants/systemd-networkd.service", "sysinit.target.wants/systemd-resolved.service")) {
            assertThat(tree.resolve("etc/systemd/system").resolve(unit)).isSymbolicLink();
        }
        assertThat(tree.resolve("etc/systemd/system/network-online.target.wants/systemd-networkd-wait-online.service"))
                .doesNotExist();
        assertThat(manifest.packages())
                .extracting(Manifest.InstalledPackage::name)
                .contains("systemd-resolved", "netbase", "openssh-server")
                .doesNotContain("ifupdown", "network-manager", "isc-dhcp-client", "nfs-common")
                .noneMatch(name -> name.startsWith("grub"));
    }

    @Test
    void kernelAndInitrdAreReadableByAll() throws IOException {
        Generation generation = STATE.generation(outcome.name(), outcome.generation());
        for (Path file : List.of(generation.kernel(), generation.initrd())) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-r--r--");
            String hash =
                    COMMANDS.run(Invocation.of("sha256sum", file.toString())).text();
            assertThat(hash).startsWith(manifest.hashes().get(file.getFileName().toString()));
        }
        assertThat(Files.mismatch(generation.kernel(), tree.resolve("boot/vmlinuz-" + outcome.kernel())))
                .isEqualTo(-1);
    }

    @Test
    void theInitrdCanBootOverNfs() {
        List<String> listing;
        // The published tree must not change: a redirection to /dev/null would leave a file there.
        try (Namespaces.Namespace namespace = new LinuxNamespaces().open()) {
            inside(namespace, "mount", "--bind", "/dev", tree + "/dev");
            inside(namespace, "mount", "-t", "tmpfs", "tmpfs", tree + "/tmp");
            listing =
                    inside(namespace, "chroot", tree.toString(), "lsinitramfs", "/boot/initrd.img-" + outcome.kernel());
        }
        for (String wanted : List.of(
                "/fs/nfs/nfs\\.ko",
                "/fs/nfs/nfsv3\\.ko",
                "/net/sunrpc/sunrpc\\.ko",
                "/fs/lockd/lockd\\.ko",
                "/fs/overlayfs/overlay\\.ko",
                "/drivers/net/virtio_net\\.ko",
                "/e1000e\\.ko",
                "/r8169\\.ko",
                "bin/nfsmount",
                "scripts/nfs-bottom/nbroot-overlay")) {
            assertThat(listing)
                    .as(wanted)
                    .anyMatch(
                            line -> Pattern.compile(wanted + "$").matcher(line).find());
        }
        assertThat(listing).noneMatch(line -> line.contains("/drivers/ata/"));
    }

    @Test
    void theManifestTellsWhatWasDone() {
        assertThat(manifest.name()).isEqualTo("bookworm");
        assertThat(manifest.suite()).isEqualTo("bookworm");
        assertThat(manifest.kernel()).isEqualTo(outcome.kernel());
        assertThat(manifest.inputs()).matches("[0-9a-f]{64}");
        assertThat(manifest.boot().console()).containsExactly("tty0", "ttyS0,115200");
        assertThat(manifest.steps())
                .extracting(Manifest.Step::name)
                .containsExactly(
                        "mirror",
                        "choose",
                        "fetch",
                        "bootstrap",
                        "sources",
                        "packages",
                        "save",
                        "copy",
                        "configure",
                        "initramfs",
                        "clean",
                        "check",
                        "write");
        assertThat(manifest.packages())
                .filteredOn(one -> one.name().equals("systemd"))
                .singleElement()
                .satisfies(one -> assertThat(one.version()).startsWith("252."));
        assertThat(manifest.profile().at("/bootstrap/suite").asText()).isEqualTo("bookworm");
    }

    @Test
    void packagesWereNotConfiguredTwiceNorAsked() throws IOException {
        Path log = STATE.root("bookworm").resolve("build.log");
        assertThat(log).isNotEmptyFile();
        assertThat(Files.readAllLines(log))
                .noneMatch(line -> line.contains("Setting locale failed"))
                .noneMatch(line -> line.contains("unable to initialize frontend"))
                .filteredOn(line -> line.contains("update-initramfs: Generating"))
                .hasSize(1);
    }
}
