package dev.nbroot.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.nbroot.it.BuildHarness;
import dev.nbroot.it.Needs;
import dev.nbroot.it.PlainInitrd;
import dev.nbroot.it.Profiles;
import dev.nbroot.it.SmallRoot;
import dev.nbroot.it.Thorough;
import dev.nbroot.report.Event;
import dev.nbroot.report.Events;
import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import dev.nbroot.state.Manifest;
import dev.nbroot.state.StateDirectory;
import dev.nbroot.system.Sha256;
import dev.nbroot.system.TreeRemoval;
import dev.nbroot.system.linux.LinuxPosixFiles;
import dev.nbroot.system.tree.TreeDigest;
import dev.nbroot.system.tree.TreeRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * One profile built several times: from nothing, from layers, from a lock file, without a network. The tree is the same
 * to the last bit, or says why not. Needs root, debootstrap and a mirror.
 */
@Timeout(900)
class RepeatedBuildIT {
    private static final String MORE = "packages: [less]\nlocale: de_DE.UTF-8\nwrite_files:\n"
            + "  - {path: /usr/local/bin/tool, content: \"#!/bin/sh\\n\", permissions: \"0755\"}\n";

    @TempDir
    Path directory;

    private StateDirectory state;
    private Path profile;
    private final List<Event> events = new CopyOnWriteArrayList<>();

    @BeforeEach
    void prepare() throws IOException {
        Needs.root();
        Needs.programs("debootstrap");
        Path home = Files.createDirectories(Path.of("target/it").toAbsolutePath());
        state = new StateDirectory(Files.createTempDirectory(home, "repeated-"));
        // Package files are shared with the other tests; layers are not, so that the first build is made from nothing.
        Path debs = Files.createDirectories(home.resolve("state/cache/debs"));
        Files.createDirectories(state.cache());
        Files.createSymbolicLink(state.cache().resolve("debs"), debs);
        profile = directory.resolve("lab.yaml");
        write("ada");
    }

    @AfterEach
    void cleanUp() {
        if (state != null) {
            TreeRemoval.remove(state.path());
        }
    }

    private void write(String user) throws IOException {
        Files.writeString(profile, Profiles.text("bookworm").replace("name: ada", "name: " + user) + MORE);
    }

    private BuildOutcome build(boolean fresh, boolean locked, boolean offline) {
        events.clear();
        return BuildHarness.over(state.path(), directory, events::add)
                .run(new BuildRequest(profile, List.of(), fresh, false, locked, offline));
    }

    private static TreeRecord record(BuildOutcome outcome) {
        return new TreeDigest(new LinuxPosixFiles()).of(outcome.path());
    }

    private static List<String> cached(BuildOutcome outcome) {
        return outcome.steps().stream()
                .filter(Manifest.Step::cached)
                .map(Manifest.Step::name)
                .toList();
    }

    private static String initrd(BuildOutcome outcome) {
        return Sha256.of(outcome.path().resolveSibling("boot/initrd"));
    }

    @Test
    void theTreeIsTheSameHoweverItIsBuilt() throws IOException {
        BuildOutcome first = build(false, false, false);
        assertThat(cached(first)).isEmpty();
        TreeRecord wanted = record(first);
        noFileIsNewerThanThePackages(first, wanted);
        assertThat(PlainInitrd.of(first.path(), Files.createDirectory(directory.resolve("scratch"))))
                .as("what makes it quicker changes nothing")
                .isEqualTo(initrd(first));
        lock();

        BuildOutcome second = build(true, false, false);
        assertThat(cached(second)).as("--fresh takes nothing from the cache").isEmpty();
        assertThat(record(second).firstDifference(wanted)).isEmpty();
        assertThat(initrd(second)).isEqualTo(initrd(first));
        assertThat(bill(second)).isEqualTo(bill(first));

        write("grace");
        BuildOutcome changed = build(false, false, false);
        assertThat(cached(changed)).containsExactly("bootstrap", "sources", "packages", "initramfs");
        assertThat(record(changed).firstDifference(wanted)).isPresent();
        assertThat(initrd(changed)).isEqualTo(initrd(first));

        write("ada");
        BuildOutcome back = build(false, false, false);
        assertThat(cached(back)).contains("packages", "initramfs");
        assertThat(record(back).firstDifference(wanted)).as("on a cached layer").isEmpty();

        TreeRemoval.remove(state.cache().resolve("selections"));
        TreeRemoval.remove(state.cache().resolve("lists"));
        TreeRemoval.remove(state.cache().resolve("layers"));
        BuildOutcome locked = build(false, true, true);
        assertThat(cached(locked)).isEmpty();
        assertThat(locked.steps()).extracting(Manifest.Step::name).doesNotContain("mirror");
        assertThat(record(locked).firstDifference(wanted))
                .as("from the lock file, offline")
                .isEmpty();
    }

    /** Without asking a mirror. */
    @Test
    void hooksSeeTheListsThatWereFetchedLast() throws IOException {
        Thorough.only();
        String hook = "hooks: {customize: [{run: \"apt-cache show less >/srv/less\", chroot: true}]}\n";
        profile = SmallRoot.write(directory, "lab", "one", hook);
        build(false, false, false);
        lock();
        for (boolean locked : List.of(false, true)) {
            SmallRoot.write(directory, "lab", "other" + locked, hook);
            BuildOutcome offline = build(false, locked, true);
            assertThat(offline.upToDate()).isFalse();
            assertThat(offline.path().resolve("srv/less")).content().contains("Package: less\n");
        }
    }

    private void noFileIsNewerThanThePackages(BuildOutcome outcome, TreeRecord record) throws IOException {
        JsonNode bill = new ObjectMapper().readTree(bill(outcome));
        long newest = java.time.Instant.parse(bill.at("/creationInfo/created").asText())
                .getEpochSecond();
        assertThat(newest).isLessThan(System.currentTimeMillis() / 1000);
        assertThat(Files.getLastModifiedTime(outcome.path().resolve("etc/passwd"))
                                .toMillis()
                        / 1000)
                .isEqualTo(newest);
        assertThat(Files.getLastModifiedTime(outcome.path()).toMillis() / 1000).isLessThanOrEqualTo(newest);
        assertThat(record.lines()).hasSizeGreaterThan(10_000);
        assertThat(bill.at("/packages").findValuesAsText("versionInfo")).hasSizeGreaterThan(100);
    }

    private static String bill(BuildOutcome outcome) throws IOException {
        return Files.readString(outcome.path().resolveSibling("sbom.spdx.json"));
    }

    private void lock() {
        LockOutcome lock =
                BuildHarness.locks(state.path(), directory, Events.none()).run(new LockRequest(profile, List.of()));
        assertThat(lock.path()).isEqualTo(directory.resolve("lab.lock.json"));
        assertThat(lock.packages()).isGreaterThan(100);
    }

    @Test
    void withoutANetworkAndWithoutACacheItIsSaidWhatIsMissing() {
        Failure failure = catchThrowableOfType(Failure.class, () -> build(false, false, true));
        assertThat(failure.kind()).isEqualTo(FailureKind.FAILED);
        assertThat(failure).hasMessageContaining("--offline");
        assertThat(failure.hint()).contains("nbroot lock");
    }

    @Test
    void aLockForOtherPackagesIsRefused() throws IOException {
        lock();
        write("grace");
        Files.writeString(profile, Files.readString(profile).replace("[less]", "[less, nano]"));
        Failure failure = catchThrowableOfType(Failure.class, () -> build(false, true, false));
        assertThat(failure.kind()).isEqualTo(FailureKind.INVALID_INPUT);
        assertThat(failure).hasMessageContaining("lab.lock.json");
        assertThat(failure.hint()).contains("nbroot lock");
    }

    @Test
    void aPackageThatTheArchiveDoesNotHaveIsTheProfilesFault() throws IOException {
        Files.writeString(profile, Files.readString(profile).replace("[less]", "[less, no-such-package]"));
        Failure failure = catchThrowableOfType(Failure.class, () -> build(false, false, false));
        assertThat(failure.kind()).isEqualTo(FailureKind.INVALID_INPUT);
        assertThat(failure).hasMessageContaining("lab.yaml:10:").hasMessageContaining("no-such-package");
    }
}
