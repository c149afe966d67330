package dev.nbroot.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nbroot.command.BuildOutcome;
import dev.nbroot.command.BuildRequest;
import dev.nbroot.report.Events;
import dev.nbroot.state.Generation;
import dev.nbroot.state.Generations;
import dev.nbroot.state.StateDirectory;
import dev.nbroot.system.TreeRemoval;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * A state directory of its own for builds that go wrong. Package files and lists are those that all tests of a Maven run
 * share; layers are its own unless it is told otherwise.
 *
 * @param state on disk, beside the shared one, so that files can be linked and renamed from there
 * @param home has the profiles; SSH keys would be there
 * @param mounts what was mounted on the host before
 */
public record FaultState(StateDirectory state, Path home, List<String> mounts) implements AutoCloseable {
    private static final Path HOME = Path.of("target/it").toAbsolutePath();

    /** {@return the cache that all tests share} */
    public static Path sharedCache() throws IOException {
        return Files.createDirectories(HOME.resolve("state/cache"));
    }

    /** {@return a state that shares the whole cache, or skips the test where no root can be built} */
    public static FaultState sharing(Path home) throws IOException {
        FaultState made = empty(home);
        Files.createSymbolicLink(made.state.cache(), sharedCache());
        return made;
    }

    /** {@return a state with package files and lists, but no layer} */
    public static FaultState withoutLayers(Path home) throws IOException {
        FaultState made = empty(home);
        Files.createDirectories(made.state.cache());
        for (String part : List.of("debs", "lists", "selections")) {
            Path shared = Files.createDirectories(sharedCache().resolve(part));
            Files.createSymbolicLink(made.state.cache().resolve(part), shared);
        }
        return made;
    }

    /** {@return a state without anything} */
    public static FaultState empty(Path home) throws IOException {
        Needs.root();
        Needs.programs("debootstrap");
        Files.createDirectories(HOME);
        return new FaultState(
                new StateDirectory(Files.createTempDirectory(HOME, "faults-")), home, Traces.hostMounts());
    }

    /** {@return the outcome of an undisturbed build} */
    public BuildOutcome build(Path profile, Events events) {
        return BuildHarness.over(state.path(), home, events).run(BuildRequest.of(profile));
    }

    /** {@return a build in another process, see {@link ForkedBuild#start}} */
    public ForkedBuild fork(Path profile, String... stops) throws IOException {
        return ForkedBuild.start(List.of(), state.path(), home, profile, stops);
    }

    /** {@return the number of a root's current generation, or 0} */
    public int current(String root) {
        return new Generations(state).current(root).map(Generation::number).orElse(0);
    }

    /** Waits for what SIGKILL has orphaned, then fails unless nothing is left but whole generations. */
    public void assertWhole() throws IOException, InterruptedException {
        for (int i = 0; i < 300 && !Traces.of(state.path()).isEmpty(); i++) {
            Thread.sleep(20);
        }
        assertThat(Traces.of(state.path())).as("mounts and processes").isEmpty();
        assertThat(Traces.hostMounts()).isEqualTo(mounts);
        for (Generation generation : new Generations(state).everything()) {
            assertThat(generation.tree().resolve("usr/bin/dpkg")).exists();
            assertThat(generation.kernel()).isNotEmptyFile();
            assertThat(generation.initrd()).isNotEmptyFile();
            assertThat(generation.manifest()).isNotEmptyFile();
        }
    }

    /** {@return what is still being made, or was left so: nothing after a build that has ended by itself} */
    public List<Path> unfinished() throws IOException {
        try (Stream<Path> files = Files.find(
                state.path(),
                4,
                (file, attributes) -> file.getFileName().toString().matches("\\.(making|building|current|nbroot).*"))) {
            return files.toList();
        }
    }

    @Override
    public void close() {
        TreeRemoval.remove(state.path());
    }
}
