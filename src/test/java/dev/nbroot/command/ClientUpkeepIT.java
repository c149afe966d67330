package dev.nbroot.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.nbroot.it.BusyRoot;
import dev.nbroot.it.Needs;
import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import dev.nbroot.state.ClientRecord;
import dev.nbroot.state.Generation;
import dev.nbroot.system.Invocation;
import dev.nbroot.system.Overlays;
import dev.nbroot.system.linux.LinuxPosixFiles;
import dev.nbroot.system.tree.TreeDigest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a machine has changed is shown and taken back, on the kernel's overlays. */
class ClientUpkeepIT {
    private ClientUpkeep upkeep;
    private Generation generation;

    @BeforeEach
    void prepare() throws IOException {
        Needs.root();
        upkeep = new ClientUpkeep();
        generation = upkeep.state.publish("bookworm");
        Path tree = generation.tree();
        Files.writeString(tree.resolve("etc/motd"), "hello\n");
        Files.writeString(tree.resolve("etc/mode"), "mode\n");
        Files.createSymbolicLink(tree.resolve("etc/turned"), Path.of("here"));
        Files.createDirectories(tree.resolve("opt/old/sub"));
        Files.writeString(tree.resolve("opt/old/one"), "one");
        Files.writeString(tree.resolve("opt/old/sub/two"), "two");
        Files.createDirectories(tree.resolve("srv/turns"));
        Files.writeString(tree.resolve("srv/turns/inner"), "inner");
        Files.writeString(tree.resolve("srv/link"), "twice");
        Files.createLink(tree.resolve("srv/link2"), tree.resolve("srv/link"));
        upkeep.cloned();
    }

    @AfterEach
    void clean() {
        if (upkeep != null) {
            upkeep.close();
        }
    }

    /** Everything that overlayfs has a mark for. */
    private void change() throws IOException {
        upkeep.write(view -> {
            Files.writeString(view.resolve("etc/motd"), "other\n");
            Files.setAttribute(view.resolve("etc/mode"), "unix:mode", 0600);
            Files.delete(view.resolve("etc/turned"));
            Files.createSymbolicLink(view.resolve("etc/turned"), Path.of("there"));
            Files.writeString(view.resolve("etc/new file\nof two lines"), "new");
            // Deleted and made again: the layer's directory is opaque.
            Files.delete(view.resolve("opt/old/one"));
            Files.delete(view.resolve("opt/old/sub/two"));
            Files.delete(view.resolve("opt/old/sub"));
            Files.delete(view.resolve("opt/old"));
            Files.createDirectories(view.resolve("opt/old/other"));
            Files.writeString(view.resolve("opt/old/one"), "one");
            // A file where a directory was.
            Files.delete(view.resolve("srv/turns/inner"));
            Files.delete(view.resolve("srv/turns"));
            Files.writeString(view.resolve("srv/turns"), "a file");
            Files.writeString(view.resolve("srv/link2"), "both");
            // Copied up, and as it was.
            Files.setAttribute(view.resolve("usr/bin/tool"), "unix:mode", 0600);
            Files.setAttribute(view.resolve("usr/bin/tool"), "unix:mode", 0644);
        });
    }

    private static Map<String, DiffOutcome.FileChange> byPath(List<DiffOutcome.FileChange> changes) {
        return changes.stream().collect(Collectors.toMap(DiffOutcome.FileChange::path, Function.identity()));
    }

    @Test
    void aNewMachineDiffersByItsIdentityOnly() {
        DiffOutcome outcome = upkeep.diff();
        assertThat(outcome.client()).contains(new DiffOutcome.Client(ClientUpkeep.MAC, "node1"));
        assertThat(outcome.from()).isEqualTo(1);
        assertThat(outcome.to()).isEmpty();
        assertThat(byPath(outcome.files()))
                .containsOnlyKeys(
                        "/etc/hostname",
                        "/etc/hosts",
                        "/etc/machine-id",
                        "/etc/ssh/ssh_host_ecdsa_key",
                        "/etc/ssh/ssh_host_ecdsa_key.pub",
                        "/etc/ssh/ssh_host_ed25519_key",
                        "/etc/ssh/ssh_host_ed25519_key.pub",
                        "/etc/ssh/ssh_host_rsa_key",
                        "/etc/ssh/ssh_host_rsa_key.pub");
    }

    @Test
    void whatAMachineChangedIsShownWhileItIsOn() throws IOException {
        change();
        try (Overlays.View on = upkeep.on()) {
            Map<String, DiffOutcome.FileChange> files = byPath(upkeep.diff().files());
            files.keySet().removeIf(path -> path.matches("/etc/(host.*|machine-id|ssh/.*)"));
            assertThat(files)
                    .containsOnlyKeys(
                            "/etc/motd",
                            "/etc/mode",
                            "/etc/turned",
                            "/etc/new\\040file\\012of\\040two\\040lines",
                            "/opt/old/other",
                            "/opt/old/sub",
                            "/opt/old/sub/two",
                            "/srv/link",
                            "/srv/link2",
                            "/srv/turns",
                            "/srv/turns/inner");
            assertThat(files.get("/etc/motd").what()).containsExactly("content");
            assertThat(files.get("/etc/motd").to().orElseThrow().size()).isEqualTo(6);
            assertThat(files.get("/etc/mode").what()).containsExactly("mode");
            assertThat(files.get("/etc/turned").what()).containsExactly("target");
            assertThat(files.get("/opt/old/sub").change()).isEqualTo("removed");
            assertThat(files.get("/opt/old/other").change()).isEqualTo("added");
            assertThat(files.get("/srv/turns").what()).containsExactly("type");
            assertThat(on.path().resolve("etc/motd")).hasContent("other\n");
        }
    }

    @Test
    void whatIsShownIsWhatTheKernelShows() throws IOException {
        change();
        DiffOutcome outcome = upkeep.diff();
        try (Overlays.View on = upkeep.on()) {
            // The same by reading everything on both sides.
            Path shared = Path.of(on.path()
                            .toString()
                            .replace("self", "" + ProcessHandle.current().pid()) + "/.");
            List<String> all = upkeep.commands
                    .run(Invocation.of(
                                    "diff",
                                    "--recursive",
                                    "--brief",
                                    "--no-dereference",
                                    generation.tree().toString(),
                                    shared.toString())
                            .accepting(1))
                    .lines();
            assertThat(all).hasSizeGreaterThan(5);
            // diff(1) sees neither modes nor what is in a directory that only one side has.
            assertThat(outcome.files().stream()
                            .filter(file -> !file.what().equals(List.of("mode")))
                            .filter(file -> !file.path().matches("/srv/turns/inner|/opt/old/sub/two"))
                            .count())
                    .isEqualTo(all.stream()
                            .filter(line -> !line.isBlank() && !line.startsWith("of two"))
                            .count());
        }
    }

    @Test
    void packagesThatCameAndWentAreTold() throws IOException {
        Path info = Files.createDirectories(generation.tree().resolve("var/lib/dpkg/info"));
        Files.writeString(info.resolve("tool.list"), "/usr/bin/tool\n");
        Files.writeString(info.resolveSibling("status"), BusyRoot.status("1"));
        upkeep.write(view -> {
            Path database = view.resolve("var/lib/dpkg");
            Files.delete(database.resolve("info/tool.list"));
            Files.delete(view.resolve("usr/bin/tool"));
            Files.writeString(database.resolve("info/less.list"), "/usr/bin/less\n");
            Files.writeString(view.resolve("usr/bin/less"), "less");
            Files.writeString(database.resolve("status"), BusyRoot.status("2").replace("tool", "less"));
        });
        DiffOutcome outcome = upkeep.diff();
        assertThat(outcome.packages().added())
                .extracting(DiffOutcome.PackageChange::name)
                .containsExactly("less");
        assertThat(outcome.packages().removed())
                .extracting(DiffOutcome.PackageChange::name)
                .containsExactly("tool");
        Map<String, DiffOutcome.FileChange> files = byPath(outcome.files());
        assertThat(files.get("/usr/bin/less").ofPackage()).contains("less");
        assertThat(files.get("/usr/bin/tool").ofPackage()).contains("tool");
    }

    @Test
    void everythingIsTakenBackButTheIdentity() throws IOException {
        List<DiffOutcome.FileChange> fresh = upkeep.diff().files();
        ClientRecord before = upkeep.client();
        change();

        ResetOutcome outcome = upkeep.reset().run(new ResetRequest(ClientUpkeep.MAC, List.of()));

        assertThat(outcome.kept()).isZero();
        assertThat(outcome.dropped()).hasSize(11);
        assertThat(upkeep.diff().files()).isEqualTo(fresh);
        assertThat(upkeep.client().machineId()).isEqualTo(before.machineId());
        assertThat(upkeep.client().created())
                .as("handles must not fit the new view")
                .isNotEqualTo(before.created());
        upkeep.write(view -> {
            assertThat(view.resolve("etc/hostname")).hasContent("node1\n");
            assertThat(view.resolve("etc/motd")).hasContent("hello\n");
            assertThat(view.resolve("opt/old/sub/two")).hasContent("two");
        });
        assertThat(names(upkeep.state.directory().clients())).containsExactly("52-54-00-12-34-56");
    }

    @Test
    void aDeletedHostsFileIsNoObstacle() throws IOException {
        change();
        upkeep.write(view -> Files.delete(view.resolve("etc/hosts")));
        assertThat(upkeep.diff().files())
                .anySatisfy(file -> assertThat(file.path()).isEqualTo("/etc/hosts"));
        upkeep.reset().run(new ResetRequest(ClientUpkeep.MAC, List.of()));
        upkeep.write(view -> assertThat(view.resolve("etc/hosts")).content().contains("node1"));
    }

    @Test
    void somePathsAreTakenBackAndNothingElse() throws IOException {
        change();
        Map<String, DiffOutcome.FileChange> all = byPath(upkeep.diff().files());

        ResetOutcome outcome = upkeep.reset()
                .run(new ResetRequest(ClientUpkeep.MAC, List.of("/etc/motd", "/opt/old/sub/two", "//srv/turns/")));

        assertThat(outcome.dropped())
                .extracting(DiffOutcome.FileChange::path)
                .containsExactly("/etc/motd", "/opt/old/sub", "/opt/old/sub/two", "/srv/turns", "/srv/turns/inner");
        outcome.dropped().forEach(dropped -> all.remove(dropped.path()));
        assertThat(byPath(upkeep.diff().files())).isEqualTo(all);
        upkeep.write(view -> {
            assertThat(view.resolve("opt/old/sub/two")).hasContent("two");
            assertThat(view.resolve("srv/turns/inner")).hasContent("inner");
            assertThat(view.resolve("srv/link")).hasContent("both");
            assertThat(Files.getAttribute(view.resolve("srv/link"), "unix:nlink"))
                    .isEqualTo(2);
            assertThat(view.resolve("etc/new file\nof two lines")).hasContent("new");
        });
        assertThat(names(upkeep.state.directory().cache())).isEmpty();
    }

    @Test
    void whatIsCopiedIsCopiedWhole() throws IOException {
        upkeep.write(view -> {
            Path odd = Files.createDirectory(view.resolve("srv/odd"));
            Files.setAttribute(odd, "unix:mode", 02750);
            Files.setAttribute(odd, "unix:uid", 1234);
            Files.writeString(odd.resolve("tool"), "x".repeat(5000));
            Files.setAttribute(odd.resolve("tool"), "unix:uid", 4711);
            Files.setAttribute(odd.resolve("tool"), "unix:mode", 06755);
            String shared =
                    odd.toString().replace("self", "" + ProcessHandle.current().pid());
            for (List<String> command : List.of(
                    List.of("mknod", shared + "/pipe", "p"),
                    List.of("mknod", "-m", "600", shared + "/device", "b", "7", "3"),
                    List.of(
                            "python3",
                            "-c",
                            "import socket,sys; socket.socket(socket.AF_UNIX).bind('" + shared + "/s')"),
                    List.of(
                            "python3",
                            "-c",
                            "import os; os.setxattr('" + shared
                                    + "/tool', 'security.capability', bytes.fromhex('0100000200200000' + '00' * 12))"),
                    List.of("ln", "-s", "-f", "/no/where", shared + "/-link"),
                    List.of("touch", "--no-dereference", "--date=2001-02-03 04:05:06.123456789", shared + "/-link"))) {
                upkeep.commands.run(Invocation.of(command));
            }
            Files.writeString(view.resolve("etc/motd"), "other\n");
        });
        String before = odd();
        upkeep.reset().run(new ResetRequest(ClientUpkeep.MAC, List.of("/etc/motd")));
        assertThat(odd()).isEqualTo(before).contains("type=socket", "device=native,7,3", "xattr.security.capability");
    }

    private String odd() throws IOException {
        String[] text = new String[1];
        upkeep.write(view -> text[0] = new TreeDigest(new LinuxPosixFiles())
                .of(view.resolve("srv/odd"))
                .text());
        return text[0];
    }

    /** The next generation: another tool, and whatever else. */
    private Generation next(ClientUpkeep.Work more) throws IOException {
        upkeep.commands.run(Invocation.of(
                "cp", "-a", generation.tree() + "/.", upkeep.top.resolve("copy").toString()));
        Generation next = upkeep.state.publish("bookworm");
        upkeep.commands.run(Invocation.of(
                "cp", "-a", upkeep.top.resolve("copy") + "/.", next.tree().toString()));
        Files.writeString(next.tree().resolve("usr/bin/tool"), "a newer tool\n");
        Files.writeString(next.tree().resolve("etc/hosts"), "127.0.0.1\tlocalhost\n10.0.0.1\tnas\n");
        more.in(next.tree());
        return next;
    }

    @Test
    void aMachineIsMovedWithAllThatItChanged() throws IOException {
        upkeep.stage.run(StageRequest.of(List.of(), upkeep.top.resolve("tftp"), "10.0.0.1", Optional.empty()));
        change();
        Map<String, DiffOutcome.FileChange> before = byPath(upkeep.diff().files());
        Generation to = next(tree -> Files.writeString(tree.resolve("etc/added"), "added\n"));

        RebaseOutcome outcome = upkeep.rebase();

        assertThat(outcome).isEqualTo(new RebaseOutcome(ClientUpkeep.MAC, "node1", "bookworm", 1, 2, 11, 0));
        assertThat(upkeep.client().generation()).isEqualTo(2);
        Map<String, DiffOutcome.FileChange> after = byPath(upkeep.diff().files());
        before.remove("/etc/hosts");
        after.remove("/etc/hosts");
        assertThat(after).isEqualTo(before);
        upkeep.write(view -> {
            assertThat(view.resolve("etc/hosts")).hasContent("127.0.0.1\tlocalhost\n127.0.1.1\tnode1\n10.0.0.1\tnas\n");
            assertThat(view.resolve("usr/bin/tool")).hasContent("a newer tool\n");
            assertThat(view.resolve("etc/added")).exists();
            assertThat(view.resolve("etc/motd")).hasContent("other\n");
            assertThat(Files.getAttribute(view.resolve("srv/link"), "unix:nlink"))
                    .isEqualTo(2);
        });
        assertThat(upkeep.top.resolve("tftp/pxelinux.cfg/01-52-54-00-12-34-56"))
                .content()
                .contains("bookworm/2/");
        assertThat(upkeep.rebase().to()).isEqualTo(upkeep.rebase().from());
        assertThat(to.number()).isEqualTo(2);
    }

    @Test
    void whatFightsIsSaidAndNothingIsLost() throws IOException {
        change();
        ClientRecord before = upkeep.client();
        List<DiffOutcome.FileChange> delta = upkeep.diff().files();
        next(tree -> {
            Files.writeString(tree.resolve("etc/motd"), "theirs\n");
            // The same on both sides.
            Files.setAttribute(tree.resolve("etc/mode"), "unix:mode", 0600);
            Files.writeString(tree.resolve("opt/old/sub/three"), "three");
        });
        assertThatExceptionOfType(Failure.class)
                .isThrownBy(() -> upkeep.rebase())
                .withMessage("what node1 has changed fights with bookworm/2 in 2 places; nothing was done")
                .satisfies(failure -> assertThat(failure.details())
                        .containsExactly(
                                "/etc/motd: the machine: changed; bookworm/2: changed",
                                "/opt/old/sub/three: the machine: removed the directory it is in; bookworm/2: added"));
        assertThat(upkeep.client()).isEqualTo(before);
        assertThat(upkeep.diff().files()).isEqualTo(delta);

        upkeep.reset().run(new ResetRequest(ClientUpkeep.MAC, List.of("/etc/motd", "/opt/old/sub")));
        assertThat(upkeep.rebase().settled()).isEqualTo(1);
        upkeep.write(view -> {
            assertThat(view.resolve("etc/motd")).hasContent("theirs\n");
            assertThat(view.resolve("opt/old/sub/two")).hasContent("two");
            assertThat(view.resolve("opt/old/sub/three")).hasContent("three");
            assertThat(view.resolve("opt/old/other")).isDirectory();
            assertThat(view.resolve("srv/turns")).hasContent("a file");
        });
    }

    /** The machine has written to it under its second name only, so that the first is not in its layer. */
    @Test
    void aFileWithTwoNamesIsNotLostWhenTheOtherSideHasChangedOne() throws IOException {
        upkeep.write(view -> Files.writeString(view.resolve("srv/link2"), "mine"));
        next(tree -> {
            Files.delete(tree.resolve("srv/link"));
            Files.writeString(tree.resolve("srv/link"), "theirs");
        });
        assertThatExceptionOfType(Failure.class)
                .isThrownBy(() -> upkeep.rebase())
                .satisfies(failure -> assertThat(failure.details())
                        .containsExactly("/srv/link: the machine: changed; bookworm/2: changed"));
        next(tree -> Files.delete(tree.resolve("srv/link")));
        assertThatExceptionOfType(Failure.class)
                .isThrownBy(() -> upkeep.rebase())
                .satisfies(failure -> assertThat(failure.details())
                        .containsExactly("/srv/link: the machine: changed; bookworm/3: removed"));
        upkeep.write(view -> {
            assertThat(view.resolve("srv/link")).hasContent("mine");
            assertThat(view.resolve("srv/link2")).hasContent("mine");
        });
        next(tree -> Files.writeString(tree.resolve("srv/link"), "mine"));
        assertThat(upkeep.rebase().settled()).isEqualTo(2);
        upkeep.write(view -> {
            assertThat(view.resolve("srv/link")).hasContent("mine");
            assertThat(view.resolve("srv/link2")).hasContent("mine");
            assertThat(Files.getAttribute(view.resolve("srv/link"), "unix:nlink"))
                    .isEqualTo(2);
        });
    }

    /** Stopped before the places are changed, the machine is the old one; stopped behind it, the new one. */
    @Test
    void atEveryInstantItIsTheOldMachineOrTheNewOne() throws IOException {
        change();
        next(tree -> {});
        ClientRecord before = upkeep.client();
        List<DiffOutcome.FileChange> delta = upkeep.diff().files();
        for (String step : List.of("tar", "sync")) {
            upkeep.failAt = step;
            assertThatExceptionOfType(Failure.class)
                    .isThrownBy(() -> upkeep.rebase())
                    .withMessage("stopped at " + step);
            assertThat(upkeep.client()).isEqualTo(before);
            assertThat(upkeep.diff().files()).isEqualTo(delta);
            assertThat(names(upkeep.state.directory().cache())).isEmpty();
        }
        upkeep.failAt = "";
        upkeep.rebase();
        assertThat(names(upkeep.state.directory().clients())).containsExactly("52-54-00-12-34-56");
    }

    @Test
    void aMachineThatIsOnIsLeftAlone() throws IOException {
        change();
        List<DiffOutcome.FileChange> before = upkeep.diff().files();
        try (Overlays.View on = upkeep.on()) {
            for (List<String> paths : List.of(List.<String>of(), List.of("/etc/motd"))) {
                assertThatExceptionOfType(Failure.class)
                        .isThrownBy(() -> upkeep.reset().run(new ResetRequest(ClientUpkeep.MAC, paths)))
                        .withMessage("52:54:00:12:34:56 (node1) is on, or was a moment ago: its view is being served")
                        .satisfies(failure -> assertThat(failure.kind()).isEqualTo(FailureKind.LOCKED));
            }
            Files.writeString(on.path().resolve("etc/later"), "still works");
        }
        assertThat(upkeep.diff().files()).hasSize(before.size() + 1);
        assertThat(names(upkeep.state.directory().clients())).containsExactly("52-54-00-12-34-56");
    }

    @Test
    void whatWasNotChangedCannotBeTakenBack() throws IOException {
        change();
        assertThatExceptionOfType(Failure.class)
                .isThrownBy(() -> upkeep.reset().run(new ResetRequest(ClientUpkeep.MAC, List.of("/usr/bin/tool"))))
                .withMessage("node1 has not changed /usr/bin/tool")
                .satisfies(failure -> assertThat(failure.kind()).isEqualTo(FailureKind.USAGE));
        assertThatExceptionOfType(Failure.class)
                .isThrownBy(() -> upkeep.reset().run(new ResetRequest(ClientUpkeep.MAC, List.of("/etc/../x"))))
                .withMessage("'/etc/../x' is not an absolute path in the machine");
    }

    @Test
    void whatAKilledAttemptLeftIsInNobodysWay() throws IOException {
        change();
        Path left = upkeep.state.directory().clients().resolve(".52-54-00-12-34-56.new");
        Files.createDirectories(left.resolve("upper"));
        Files.writeString(left.resolve("client.yaml"), "half");
        upkeep.reset().run(new ResetRequest(ClientUpkeep.MAC, List.of()));
        assertThat(names(upkeep.state.directory().clients())).containsExactly("52-54-00-12-34-56");
    }

    private static List<String> names(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.map(entry -> entry.getFileName().toString()).toList();
        }
    }
}
