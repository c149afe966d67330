package dev.nbroot.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.nbroot.it.BuildHarness;
import dev.nbroot.it.Needs;
import dev.nbroot.it.Profiles;
import dev.nbroot.it.Traces;
import dev.nbroot.report.Event;
import dev.nbroot.report.Events;
import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import dev.nbroot.state.StateDirectory;
import dev.nbroot.system.StateLock;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Builds that go wrong leave everything as it was: no mount, no process, no half generation. Needs root and debootstrap;
 * the one that is killed, and the one after it, need a mirror too.
 */
@Timeout(900)
class BuildFaultsIT {
    /** Refused at once, and nothing leaves the machine. */
    private static final String DEAD_MIRROR = "http://127.0.0.1:9/debian";

    @TempDir
    Path directory;

    private StateDirectory state;
    private List<String> mountsBefore;

    @BeforeEach
    void needs() throws IOException {
        Needs.root();
        Needs.programs("debootstrap");
        // On disk and beside the shared state, so that package files can be linked from it.
        Path home = Files.createDirectories(Path.of("target/it").toAbsolutePath());
        state = new StateDirectory(Files.createTempDirectory(home, "faults-"));
        Path shared = Files.createDirectories(home.resolve("state/cache"));
        Files.createSymbolicLink(state.cache(), shared);
        mountsBefore = Traces.hostMounts();
    }

    @AfterEach
    void nothingIsLeft() {
        if (state != null) {
            assertThat(Traces.hostMounts()).isEqualTo(mountsBefore);
            assertThat(Traces.of(state.path())).isEmpty();
            assertThat(state.root("bookworm").resolve(".building")).doesNotExist();
            dev.nbroot.system.TreeRemoval.remove(state.path());
        }
    }

    private BuildRoot build(Events events) {
        return BuildHarness.over(state.path(), directory, events);
    }

    private Failure failure(String more) {
        return catchThrowableOfType(
                Failure.class,
                () -> build(Events.none()).run(Profiles.with(directory, "bookworm", more), false, false));
    }

    private Failure failureAtMirror(String mirror, String more) {
        return catchThrowableOfType(
                Failure.class,
                () -> build(Events.none())
                        .run(
                                Profiles.read(
                                        directory,
                                        Profiles.text("bookworm")
                                                        .replace(
                                                                "{suite: bookworm}",
                                                                "{suite: bookworm, mirror: \"" + mirror + "\"}")
                                                + more),
                                false,
                                false));
    }

    private List<String> generations() throws IOException {
        if (!Files.exists(state.root("bookworm"))) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(state.root("bookworm"))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> !name.equals("build.log"))
                    .toList();
        }
    }

    @Test
    void aMirrorThatDoesNotAnswerIsNamed() throws IOException {
        Failure failure = failureAtMirror(DEAD_MIRROR, "");
        assertThat(failure.kind()).isEqualTo(FailureKind.FAILED);
        assertThat(failure)
                .hasMessageContaining(DEAD_MIRROR + "/dists/bookworm/InRelease")
                .hasMessageContaining("profile.yaml:2:");
        assertThat(failure.log().orElseThrow()).hasFileName("build.log");
        assertThat(generations()).isEmpty();
    }

    @Test
    void aHookThatFailsIsShownWithItsLastLines() throws IOException {
        Failure failure = failure("hooks: {setup: [\"echo not today; exit 9\"]}\n");
        assertThat(failure.kind()).isEqualTo(FailureKind.COMMAND);
        assertThat(failure).hasMessageContaining("setup hook failed (exit status 9)");
        assertThat(failure.details()).contains("not today");
        assertThat(generations()).isEmpty();
    }

    @Test
    void aHookThatHangsIsEnded() {
        long begin = System.nanoTime();
        Failure failure = failure("hooks: {setup: [{run: \"sleep 300\", timeout: 1s}]}\n");
        assertThat(failure.kind()).isEqualTo(FailureKind.COMMAND);
        assertThat(failure).hasMessageContaining("did not end within 1 s");
        assertThat(System.nanoTime() - begin).isLessThan(TimeUnit.SECONDS.toNanos(60));
    }

    @Test
    void anInterruptEndsTheBuild() throws Exception {
        BlockingQueue<Failure> caught = new LinkedBlockingQueue<>();
        BlockingQueue<String> started = new LinkedBlockingQueue<>();
        Events events = event -> {
            if (event instanceof Event.OutputLine line) {
                started.add(line.line());
            }
        };
        Thread thread = new Thread(() -> {
            try {
                build(events)
                        .run(
                                Profiles.with(
                                        directory, "bookworm", "hooks: {setup: [\"echo in the hook; sleep 300\"]}\n"),
                                false,
                                false);
            } catch (Failure failure) {
                caught.add(failure);
            }
        });
        thread.start();
        for (String line = ""; !"in the hook".equals(line); ) {
            line = started.poll(60, TimeUnit.SECONDS);
            assertThat(line).as("the hook speaks").isNotNull();
        }
        thread.interrupt();
        assertThat(caught.poll(60, TimeUnit.SECONDS)).extracting(Failure::kind).isEqualTo(FailureKind.INTERRUPTED);
        thread.join();
        assertThat(generations()).isEmpty();
    }

    @Test
    void twoBuildsOfOneRootAreRefused() {
        StateLock held = StateLock.take(state.lock("root-bookworm"), "root bookworm");
        try {
            assertThat(failure("").kind()).isEqualTo(FailureKind.LOCKED);
        } finally {
            held.close();
        }
    }

    @Test
    void aDryRunTouchesNothing() {
        BuildOutcome outcome = build(Events.none()).run(Profiles.with(directory, "bookworm", ""), false, true);
        assertThat(outcome.generation()).isEqualTo(1);
        assertThat(outcome.plan())
                .extracting(BuildOutcome.PlannedStep::name)
                .startsWith("mirror", "choose", "fetch", "bootstrap")
                .endsWith("write");
        assertThat(state.roots()).doesNotExist();
        assertThat(state.path().resolve("locks")).doesNotExist();
    }

    @Test
    void afterSigkillNothingIsLeftAndTheNextBuildWorks() throws Exception {
        Files.createDirectories(directory.resolve("overlay/etc/lab"));
        Files.writeString(directory.resolve("overlay/etc/lab/site"), "rack 7\n");
        Files.createDirectories(directory.resolve("overlay/lib/lab"));
        Files.createSymbolicLink(directory.resolve("overlay/lib/lab/link"), Path.of("/etc/lab/site"));
        Files.setAttribute(directory.resolve("overlay"), "unix:mode", 0777);
        Files.setAttribute(directory.resolve("overlay/etc"), "unix:uid", 1234);
        Path profile = directory.resolve("profile.yaml");
        // No layer of an earlier run fits: packages are to be installed when it is killed.
        String features = FEATURES.replace("/usr/bin/apt-get\"", "/usr/bin/apt-get && : " + System.nanoTime() + "\"");
        Files.writeString(profile, Profiles.text("bookworm") + features);
        killWhileInstalling(profile);

        List<Event> events = new CopyOnWriteArrayList<>();
        BuildOutcome outcome = build(events::add).run(BuildRequest.of(profile));
        assertThat(outcome.generation()).isEqualTo(1);
        assertThat(events)
                .contains(new Event.Notice(Event.Level.WARNING, "a package or hook has left this running: sleep 3000"));
        assertThat(generations()).containsExactlyInAnyOrder("1", "current");
        assertFeatures(outcome.path());
    }

    private static final String FEATURES = """
            packages: [less]
            hostname: rack7.lab.example
            locale: de_DE.UTF-8
            timezone: Europe/Berlin
            root: {autologin: true}
            ssh_pwauth: true
            initramfs: {extra_modules: [dummy]}
            apt: {debconf_selections: {one: "debconf debconf/priority select critical"}}
            write_files:
              - {path: /etc/resolv.conf, content: "nameserver 10.1.2.3\\n"}
              - {path: /usr/local/bin/tool, content: "#!/bin/sh\\n", permissions: "4750", owner: "root:lab"}
              - {path: /etc/motd, content: "more\\n", append: true}
            overlays: [overlay]
            services: {enable: [apt-daily.timer], disable: [dpkg-db-backup.timer], mask: [debug-shell]}
            hooks:
              setup: ["test -d \\"$1\\" && test \\"$1\\" = \\"$NBROOT_ROOT\\""]
              essential:
                - {run: "test ! -e /usr/bin/less && test -e /usr/bin/apt-get", chroot: true}
              customize:
                - {run: "less --version >/dev/null && echo from the hook >/srv/hook", chroot: true}
                - {run: "start-stop-daemon --start --exec /usr/sbin/sshd; invoke-rc.d ssh start || true", chroot: true}
                - {run: "uname -n >/srv/name; test ! -w /proc/sys/kernel/panic || ! echo 1 >/proc/sys/kernel/panic", chroot: true}
                - {run: "setsid sleep 3000 >/dev/null 2>&1 &", chroot: true}
                - "cp profile.yaml \\"$1/srv/profile\\""
              cleanup: [{run: "rm /srv/name", chroot: true}]
            """;

    private void killWhileInstalling(Path profile) throws Exception {
        Process jvm = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin/java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        BuildHarness.class.getName(),
                        state.path().toString(),
                        directory.toString(),
                        profile.toString())
                .redirectErrorStream(true)
                .start();
        List<String> lines = new CopyOnWriteArrayList<>();
        try (BufferedReader reader = jvm.inputReader(StandardCharsets.UTF_8)) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                lines.add(line);
                if (line.contains("step=packages")) {
                    // Into the middle of it, where dpkg runs; on a quick machine all of it takes three seconds.
                    Thread.sleep(1500);
                    assertThat(Traces.of(state.path())).isNotEmpty();
                    // Process.destroyForcibly() would close the stream that is being read.
                    jvm.toHandle().destroyForcibly();
                }
            }
        }
        jvm.waitFor();
        assertThat(lines).last().asString().contains("step=packages");
        for (int i = 0; i < 200 && !Traces.of(state.path()).isEmpty(); i++) {
            Thread.sleep(50);
        }
        assertThat(Traces.of(state.path())).isEmpty();
        assertThat(Traces.hostMounts()).isEqualTo(mountsBefore);
        assertThat(generations()).containsExactly(".building");
    }

    private static void assertFeatures(Path tree) throws IOException {
        assertThat(Files.getAttribute(tree, "unix:mode")).isEqualTo(040755);
        assertThat(Files.getAttribute(tree.resolve("etc"), "unix:uid")).isEqualTo(0);
        assertThat(tree.resolve("lib")).isSymbolicLink();
        assertThat(tree.resolve("etc/lab/site")).hasContent("rack 7\n");
        assertThat(Files.readSymbolicLink(tree.resolve("usr/lib/lab/link"))).isEqualTo(Path.of("/etc/lab/site"));
        assertThat(tree.resolve("etc/hostname")).hasContent("rack7.lab.example\n");
        assertThat(Files.readString(tree.resolve("etc/hosts"))).contains("127.0.1.1 rack7.lab.example rack7\n");
        assertThat(Files.isSymbolicLink(tree.resolve("etc/resolv.conf"))).isFalse();
        assertThat(tree.resolve("etc/resolv.conf")).hasContent("nameserver 10.1.2.3\n");
        assertThat(Files.readString(tree.resolve("etc/default/locale"))).isEqualTo("LANG=de_DE.UTF-8\n");
        assertThat(tree.resolve("usr/lib/locale/locale-archive")).isNotEmptyFile();
        assertThat(Files.readSymbolicLink(tree.resolve("etc/localtime")))
                .isEqualTo(Path.of("/usr/share/zoneinfo/Europe/Berlin"));
        assertThat(Files.getAttribute(tree.resolve("usr/local/bin/tool"), "unix:mode"))
                .isEqualTo(0104750);
        assertThat(Files.getAttribute(tree.resolve("usr/local/bin/tool"), "unix:gid"))
                .isNotEqualTo(0);
        assertThat(Files.readString(tree.resolve("etc/motd")))
                .contains("Debian")
                .endsWith("more\n");
        assertThat(Files.readString(tree.resolve("etc/passwd"))).contains("ada:x:1000:1000:Ada Lovelace:");
        assertThat(Files.readString(tree.resolve("etc/shadow"))).contains("ada:$6$saltsaltsalt$");
        assertThat(Files.readString(tree.resolve("etc/group"))).containsPattern("lab:x:\\d+:ada\n");
        Path units = tree.resolve("etc/systemd/system");
        assertThat(units.resolve("timers.target.wants/apt-daily.timer")).isSymbolicLink();
        assertThat(units.resolve("timers.target.wants/dpkg-db-backup.timer")).doesNotExist();
        assertThat(Files.readSymbolicLink(units.resolve("debug-shell.service"))).isEqualTo(Path.of("/dev/null"));
        assertThat(units.resolve("serial-getty@ttyS0.service.d/nbroot-autologin.conf"))
                .exists();
        assertThat(tree.resolve("srv/hook")).hasContent("from the hook\n");
        assertThat(tree.resolve("srv/profile")).isNotEmptyFile();
        assertThat(tree.resolve("srv/name")).doesNotExist();
    }
}
