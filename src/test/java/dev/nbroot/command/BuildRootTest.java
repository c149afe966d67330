package dev.nbroot.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.nbroot.build.BuildPlanner;
import dev.nbroot.build.FakeHost;
import dev.nbroot.build.HostApt;
import dev.nbroot.build.PackageSource;
import dev.nbroot.it.Profiles;
import dev.nbroot.profile.Profile;
import dev.nbroot.profile.ProfileReader;
import dev.nbroot.release.BootContract;
import dev.nbroot.report.Event;
import dev.nbroot.report.Events;
import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import dev.nbroot.stage.PxelinuxLoader;
import dev.nbroot.state.Generation;
import dev.nbroot.state.SampleState;
import dev.nbroot.state.StateDirectory;
import dev.nbroot.system.Commands;
import dev.nbroot.system.Invocation;
import dev.nbroot.system.Namespaces;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BuildRootTest {
    @TempDir
    private Path directory;

    private StateDirectory state;
    private Profile profile;
    private FakeHost host;
    private BuildRoot build;
    private final List<Event> events = new ArrayList<>();

    @BeforeEach
    void prepare() throws IOException {
        state = new StateDirectory(directory.resolve("state"));
        profile = Profiles.with(directory, "bookworm", "");
        host = FakeHost.in(Files.createDirectory(directory.resolve("host")));
        build = over(state);
    }

    private BuildRoot over(StateDirectory state) {
        return new BuildRoot(
                state,
                new ProfileReader(directory),
                new BootContract(),
                host.host(),
                new NoNamespaces(),
                listener -> new SilentCommands(),
                stage(state),
                events::add,
                "1",
                OptionalLong.empty());
    }

    private StageBootTree stage(StateDirectory state) {
        return BareStage.of(
                state,
                generation -> new PxelinuxLoader(directory.resolve("pxelinux.0"), directory.resolve("ldlinux.c32")),
                Events.none(),
                Clock.systemUTC());
    }

    /** A build that was killed between the two is not made up for by any other command that need come. */
    @Test
    void whatIsUpToDateIsStagedIfItIsNot() throws IOException {
        Files.writeString(directory.resolve("pxelinux.0"), "the program");
        Files.writeString(directory.resolve("ldlinux.c32"), "the library");
        Path tftp = directory.resolve("tftp");
        publish();
        stage(state).run(StageRequest.of(List.of(), tftp, "192.0.2.1", Optional.empty()));
        Path menu = tftp.resolve("pxelinux.cfg/default");
        publish();
        assertThat(menu).content().contains("/bookworm/1/root").doesNotContain("/bookworm/2/");

        BuildOutcome outcome = build.run(profile, false, false);

        assertThat(outcome.upToDate()).isTrue();
        assertThat(outcome.generation()).isEqualTo(2);
        assertThat(menu).content().contains("/bookworm/2/root").doesNotContain("/bookworm/1/");
        Files.delete(menu);
        Files.createDirectory(menu);
        Failure failure = catchThrowableOfType(Failure.class, () -> build.run(profile, false, false));
        assertThat(failure).hasMessageStartingWith("bookworm/2 is up to date, but not staged: ");
        assertThat(failure.kind()).isEqualTo(FailureKind.FAILED);
    }

    @Test
    void aRootThatNoMachineCouldMountIsNotBuilt() {
        StateDirectory blank = new StateDirectory(directory.resolve("my state"));
        Failure failure = catchThrowableOfType(Failure.class, () -> over(blank).run(profile, false, false));
        assertThat(failure.kind()).isEqualTo(FailureKind.INVALID_INPUT);
        assertThat(failure).hasMessageContaining("my state");
        assertThat(blank.path()).doesNotExist();
    }

    @Test
    void aFailureBeforeThereIsALogNamesNone() throws IOException {
        Files.createDirectory(state.path());
        Files.writeString(state.roots(), "a file in the way");
        Failure failure = catchThrowableOfType(Failure.class, () -> build.run(profile, false, false));
        assertThat(failure.kind()).isEqualTo(FailureKind.FAILED);
        assertThat(failure.log()).isEmpty();
    }

    @Test
    void aFailureAfterwardsNamesTheLog() throws IOException {
        assumeThat(Files.getFileStore(directory).getUsableSpace())
                .as("bytes free, for the check before a build")
                .isGreaterThan(2_000_000_000L);
        Failure failure = catchThrowableOfType(Failure.class, () -> build.run(profile, false, false));
        assertThat(failure).hasMessage("no namespaces here");
        assertThat(failure.log()).contains(state.root("bookworm").resolve("build.log"));
        assertThat(state.root("bookworm").resolve("build.log")).exists();
    }

    @Test
    void sameInputsAreUpToDate() throws IOException {
        publish();
        assertThat(build.run(profile, false, true).upToDate()).isTrue();
        assertThat(events).isEmpty();
    }

    @Test
    void aDryRunSaysWhatAFreshBuildWouldDoAlsoWhenNothingChanged() throws IOException {
        publish();
        BuildOutcome outcome = build.run(profile, true, true);
        assertThat(outcome.upToDate()).isFalse();
        assertThat(outcome.generation()).isEqualTo(2);
        assertThat(outcome.plan())
                .extracting(BuildOutcome.PlannedStep::name)
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
    }

    @ParameterizedTest
    @ValueSource(strings = {"boot/vmlinuz", "boot/initrd", "manifest.json"})
    void aGenerationWithoutOneOfItsFilesIsNotUpToDate(String file) throws IOException {
        Files.delete(publish().directory().resolve(file));
        assertThat(build.run(profile, false, true).upToDate()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "{}", "[]", "\0\0\0"})
    void aDamagedManifestIsNotUpToDate(String text) throws IOException {
        Files.writeString(publish().manifest(), text);
        BuildOutcome outcome = build.run(profile, false, true);
        assertThat(outcome.upToDate()).isFalse();
        assertThat(outcome.generation()).isEqualTo(2);
    }

    @Test
    void aDamagedManifestIsTold() throws IOException {
        Files.writeString(publish().manifest(), "{");
        build.run(profile, false, true);
        assertThat(events).singleElement().asString().contains("manifest.json cannot be understood", "bookworm/1");
    }

    /** Publishes a generation of the profile as it is now. */
    private Generation publish() throws IOException {
        SampleState sample = new SampleState(state.path());
        Generation generation = sample.publish("bookworm");
        String inputs = new BuildPlanner(new BootContract(), host.host(), "1")
                .plan(profile, new PackageSource.Archives(), OptionalLong.empty(), () -> HostApt.PLAIN)
                .inputs();
        String manifest = Files.readString(generation.manifest());
        assertThat(manifest).contains("0".repeat(64));
        Files.writeString(generation.manifest(), manifest.replace("0".repeat(64), inputs));
        return generation;
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
