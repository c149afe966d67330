package dev.nbroot.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nbroot.it.FaultState;
import dev.nbroot.it.ForkedBuild;
import dev.nbroot.it.SmallRoot;
import dev.nbroot.it.Traces;
import dev.nbroot.state.StateDirectory;
import dev.nbroot.system.Invocation;
import dev.nbroot.system.Namespaces;
import dev.nbroot.system.linux.LinuxCommands;
import dev.nbroot.system.linux.LinuxNamespaces;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A file system that gets full in the middle of a build: one sentence, exit status 1, nothing half-written; the earlier
 * generation stays current, and with space the next build succeeds. The state directory is a small tmpfs in a mount
 * namespace of its own.
 */
@Timeout(900)
class FullDiskIT {
    private static final int MEBIBYTE = 1024 * 1024;

    @TempDir
    Path home;

    private FaultState site;
    private Path profile;
    private Namespaces.Namespace namespace;
    private StateDirectory inside;

    @BeforeEach
    void mount() throws IOException {
        site = FaultState.empty(home);
        profile = SmallRoot.write(home, "small", "one", "");
        namespace = new LinuxNamespaces().open();
        Path state = site.state().path();
        new LinuxCommands(event -> {})
                .run(namespace.inside(
                        Invocation.of("mount", "-t", "tmpfs", "-o", "size=3g", "nbroot-small", state.toString())));
        inside = new StateDirectory(namespace.path(state));
    }

    @AfterEach
    void remove() {
        if (namespace != null) {
            namespace.close();
            assertThat(Traces.hostMounts()).isEqualTo(site.mounts());
        }
        if (site != null) {
            site.close();
        }
    }

    private void share(String... parts) throws IOException {
        Files.createDirectories(inside.cache());
        for (String part : parts) {
            Path shared = Files.createDirectories(FaultState.sharedCache().resolve(part));
            Files.createSymbolicLink(inside.cache().resolve(part), shared);
        }
    }

    private ForkedBuild fork(String... stops) throws IOException {
        Invocation prefix = namespace.inside(Invocation.of("env").in(Path.of("").toAbsolutePath()));
        return ForkedBuild.start(prefix.argv(), site.state().path(), home, profile, stops);
    }

    /** Leaves so many MiB free at a moment of a build, which must then fail. */
    private List<String> fillAt(String moment, int left) throws Exception {
        ForkedBuild build = fork(moment);
        int status = build.follow(line -> {
            if (line.startsWith(moment)) {
                fill(left);
                build.goOn();
            }
        });
        assertThat(build.lines()).as("%s", build.lines()).anyMatch(line -> line.startsWith(moment));
        assertThat(status).as("%s", build.lines()).isEqualTo(1);
        assertThat(build.lines().stream().filter(line -> line.startsWith("FAILED: ")))
                .singleElement()
                .asString()
                .containsIgnoringCase("no space");
        assertThat(build.lines()).contains("hint: free some space, or use --state on a larger file system");
        Files.delete(inside.path().resolve("filler"));
        try (Stream<Path> left2 = Files.find(
                inside.path(),
                4,
                (file, attributes) -> file.getFileName().toString().matches("\\.(making|building|current|nbroot).*"))) {
            assertThat(left2).isEmpty();
        }
        return build.lines();
    }

    private void fill(int left) {
        Path filler = inside.path().resolve("filler");
        try (OutputStream out = Files.newOutputStream(filler)) {
            long free = filler.toFile().getUsableSpace() - (long) left * MEBIBYTE;
            byte[] block = new byte[MEBIBYTE];
            for (; free > 0; free -= block.length) {
                out.write(block, 0, (int) Math.min(free, block.length));
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private void assertCurrent(String number) throws IOException {
        Path link = inside.root("small").resolve("current");
        assertThat(Files.isSymbolicLink(link) ? Files.readSymbolicLink(link).toString() : "none")
                .isEqualTo(number);
    }

    private void succeed(String number) throws Exception {
        ForkedBuild build = fork();
        assertThat(build.follow()).as("%s", build.lines()).isZero();
        assertCurrent(number);
    }

    @Test
    void whileFetching() throws Exception {
        share("lists", "selections");
        fillAt("StepStarted[step=fetch,", 20);
        assertCurrent("none");
    }

    @Test
    void whileSavingALayerThenWhileCopyingAndWritingTheManifest() throws Exception {
        share("debs", "lists", "selections");
        fillAt("StepStarted[step=save,", 40);
        assertCurrent("none");
        succeed("1");
        SmallRoot.write(home, "small", "two", "");
        fillAt("StepStarted[step=copy,", 40);
        assertCurrent("1");
        fillAt("StepFinished[step=write,", 0);
        assertCurrent("1");
        succeed("2");
    }
}
