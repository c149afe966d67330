package dev.nbroot.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.nbroot.it.FaultState;
import dev.nbroot.it.SmallRoot;
import dev.nbroot.it.Thorough;
import dev.nbroot.profile.ProfileReader;
import dev.nbroot.release.BootContract;
import dev.nbroot.report.Events;
import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import dev.nbroot.system.Host;
import dev.nbroot.system.Invocation;
import dev.nbroot.system.linux.LinuxCommands;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a mirror may do to a build: every file that does not come, or is not what was signed, is refused by name within a
 * bounded time, and nothing of it stays in the cache.
 */
@Timeout(900)
class FaultyMirrorIT {
    /** In no cache before, small, and needed by every root. */
    private static final String DEB = "netbase";

    @TempDir
    Path home;

    private FaultState site;
    private FaultyMirror mirror;
    private Path profile;

    @BeforeEach
    void prepare() throws IOException {
        site = FaultState.empty(home);
        Path plain = SmallRoot.write(home, "plain", "one", "");
        Archive archive = new ArchiveChoice(Host.real())
                .of(
                        new ProfileReader(home).read(plain, List.of()),
                        new BootContract().find("bookworm").orElseThrow());
        mirror = FaultyMirror.of(archive, Path.of("target/it/mirror"));
        // The hook ends it when everything is fetched.
        profile = SmallRoot.write(home, "small", "one", "hooks: {setup: [\"exit 9\"]}\n");
        Files.writeString(
                profile,
                Files.readString(profile)
                        .replace("{suite: bookworm}", "{suite: bookworm, mirror: \"" + mirror.uri() + "\"}"));
    }

    @AfterEach
    void remove() throws Exception {
        if (mirror != null) {
            mirror.close();
        }
        if (site != null) {
            site.assertWhole();
            assertThat(site.unfinished()).isEmpty();
            site.close();
        }
    }

    /** A pool of this test's own with all package files that other tests have fetched, but for one. */
    private void pool() throws IOException {
        Path debs = site.state().cache().resolve("debs");
        Files.createDirectories(debs.getParent());
        LinuxCommands commands = new LinuxCommands(Events.none());
        Path shared = Files.createDirectories(FaultState.sharedCache().resolve("debs"));
        commands.run(Invocation.of("cp", "--archive", "--link", shared.toString(), debs.toString()));
        for (Path deb : debs()) {
            String name = commands.run(Invocation.of("dpkg-deb", "--field", deb.toString(), "Package"))
                    .text();
            if (name.equals(DEB)) {
                Files.delete(deb);
            }
        }
    }

    private List<Path> debs() throws IOException {
        try (Stream<Path> files = Files.walk(site.state().cache().resolve("debs"))) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    private Failure refused(Duration within) {
        long begin = System.nanoTime();
        Failure failure = catchThrowableOfType(Failure.class, () -> site.build(profile, Events.none()));
        Duration took = Duration.ofNanos(System.nanoTime() - begin);
        assertThat(failure).as("the build fails").isNotNull();
        System.out.println(took.toSeconds() + " s: " + failure.getMessage());
        assertThat(took).isLessThan(within);
        assertThat(site.current("small")).isZero();
        return failure;
    }

    @Test
    void aPackageFileThatIsNotWhatWasPromisedIsNamedAndNotKept() throws IOException {
        pool();
        int before = debs().size();
        for (FaultyMirror.Fault fault : List.of(
                FaultyMirror.Fault.ALTERED,
                FaultyMirror.Fault.TRUNCATED,
                FaultyMirror.Fault.MISSING,
                FaultyMirror.Fault.BROKEN,
                FaultyMirror.Fault.STALLED)) {
            mirror.heal();
            mirror.spoil(".deb", fault);
            Failure failure = refused(Duration.ofMinutes(1));
            assertThat(failure.kind()).as("%s", fault).isEqualTo(FailureKind.FAILED);
            assertThat(failure).hasMessageContaining("/" + DEB + "_").hasMessageContaining(mirror.uri());
            assertThat(debs()).as("%s", fault).hasSize(before);
        }
        mirror.heal();
        assertThat(refused(Duration.ofMinutes(1)))
                .as("a step further")
                .hasMessageContaining("setup hook failed (exit status 9)");
        assertThat(debs()).hasSize(before + 1);
    }

    @Test
    void aListThatIsNotWhatWasSignedIsNamed() {
        mirror.spoil("/debian/dists/bookworm/InRelease", FaultyMirror.Fault.ALTERED);
        Failure signature = refused(Duration.ofMinutes(1));
        assertThat(signature).hasMessageContaining("signature").hasMessageContaining("does not fit what it signs");
        mirror.heal();
        mirror.spoilAll("/main/binary-amd64/", FaultyMirror.Fault.ALTERED);
        Failure list = refused(Duration.ofMinutes(2));
        assertThat(list.kind()).isEqualTo(FailureKind.FAILED);
        assertThat(list).hasMessageContaining(mirror.uri()).hasMessageContaining("/main/binary-amd64/");
    }

    @Test
    void aMirrorThatSaysNothingIsGivenUp() {
        Thorough.only();
        mirror.spoil("/InRelease", FaultyMirror.Fault.SILENT);
        Failure failure = refused(Duration.ofMinutes(1));
        assertThat(failure.kind()).isEqualTo(FailureKind.FAILED);
        assertThat(failure).hasMessageContaining("does not answer").hasMessageContaining(mirror.uri());
    }
}
