package dev.nbroot.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.nbroot.build.FakeHost;
import dev.nbroot.it.Profiles;
import dev.nbroot.profile.Profile;
import dev.nbroot.profile.ProfileReader;
import dev.nbroot.release.BootContract;
import dev.nbroot.report.Events;
import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import dev.nbroot.stage.PxelinuxLoader;
import dev.nbroot.state.StateDirectory;
import dev.nbroot.system.Commands;
import dev.nbroot.system.Invocation;
import dev.nbroot.system.Namespaces;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BuildRootTest {
    @TempDir
    private Path directory;

    private StateDirectory state;
    private Profile profile;
    private BuildRoot build;

    @BeforeEach
    void prepare() throws IOException {
        state = new StateDirectory(directory.resolve("state"));
        profile = Profiles.with(directory, "bookworm", "");
        FakeHost host = FakeHost.in(Files.createDirectory(directory.resolve("host")));
        build = new BuildRoot(
                state,
                new ProfileReader(directory),
                new BootContract(),
                host.host(),
                new NoNamespaces(),
                events -> new SilentCommands(),
                new StageBootTree(
                        state,
                        generation -> new PxelinuxLoader(directory, directory),
                        Events.none(),
                        Clock.systemUTC()),
                Events.none(),
                "1");
    }

    @Test
    void aFailureBeforeThereIsALogNamesNone() throws IOException {
        Files.createDirectory(state.path());
        Files.writeString(state.roots(), "a file in the way");
        Failure failure = catchThrowableOfType(Failure.class, () -> build.run(profile, false, false));
        assertThat(failure.kind()).isEqualTo(FailureKind.FAILED);
        assertThat(failure.details()).noneMatch(line -> line.contains("build.log"));
    }

    @Test
    void aFailureAfterwardsNamesTheLog() throws IOException {
        assumeThat(Files.getFileStore(directory).getUsableSpace())
                .as("bytes free, for the check before a build")
                .isGreaterThan(2_000_000_000L);
        Failure failure = catchThrowableOfType(Failure.class, () -> build.run(profile, false, false));
        assertThat(failure).hasMessage("no namespaces here");
        assertThat(failure.details())
                .containsExactly("the whole log: " + state.root("bookworm").resolve("build.log"));
        assertThat(state.root("bookworm").resolve("build.log")).exists();
    }

    /** Says nothing: apt uses no proxy. */
    private static final class SilentCommands implements Commands {
        @Override
        public Result run(Invocation invocation) {
            return new Result(0, List.of());
        }

        @Override
        public Running start(Invocation invocation, Consumer<String> output) {
            throw new AssertionError("not needed: " + invocation.quoted());
        }
    }

    /** Refuses to open any, which ends a build early. */
    private static final class NoNamespaces implements Namespaces {
        @Override
        public Namespace open() {
            throw Failure.of(FailureKind.HOST, "no namespaces here", "");
        }

        @Override
        public Namespace openWithNetwork() {
            return open();
        }
    }
}
