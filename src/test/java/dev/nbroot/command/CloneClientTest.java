package dev.nbroot.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.nbroot.report.Event;
import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import dev.nbroot.stage.PxelinuxLoader;
import dev.nbroot.stage.PxelinuxSource;
import dev.nbroot.state.ClientMode;
import dev.nbroot.state.ClientRecord;
import dev.nbroot.state.SampleState;
import dev.nbroot.system.Commands;
import dev.nbroot.system.Invocation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What needs no overlay: stateless clients, and refusals. */
class CloneClientTest {
    private static final String MAC = "52:54:00:12:34:56";

    @TempDir
    private Path temporary;

    private final List<Event> events = new ArrayList<>();
    private SampleState state;
    private Path tftp;
    private PxelinuxLoader loader;

    @BeforeEach
    void prepare() throws IOException {
        state = new SampleState(temporary.resolve("state"));
        state.publish("bookworm");
        tftp = temporary.resolve("tftp");
        loader = new PxelinuxLoader(
                Files.writeString(temporary.resolve("pxelinux.0"), "the program"),
                Files.writeString(temporary.resolve("ldlinux.c32"), "the library"));
    }

    @ParameterizedTest
    @CsvSource({"USAGE,FAILED", "HOST,FAILED", "COMMAND,FAILED", "INTERRUPTED,INTERRUPTED"})
    void aClientThatCouldNotBeStagedIsNoWrongRequest(FailureKind thrown, FailureKind told) {
        stageWith(any -> loader).run(StageRequest.of(List.of(), tftp, "10.0.0.1", Optional.empty()));
        CloneClient clone = cloneWith(any -> {
            throw Failure.of(thrown, "there is a file in the way", "move it");
        });

        Failure failure = catchThrowableOfType(Failure.class, () -> clone.run(request(ClientMode.STATELESS)));

        assertThat(failure)
                .hasMessage("the client node1 was made, but not staged: there is a file in the way")
                .satisfies(one -> assertThat(one.hint()).isEqualTo("move it"));
        assertThat(failure.kind()).isEqualTo(told);
        assertThat(state.files().clients()).hasSize(1);
    }

    /** Who does not know whether a clone was killed before it could stage asks for the same again. */
    @Test
    void whatWasMadeAndNotStagedTheSameCloneFinishes() throws IOException {
        stageWith(any -> loader).run(StageRequest.of(List.of(), tftp, "10.0.0.1", Optional.empty()));
        CloneClient cutOff = cloneWith(any -> {
            throw Failure.of(FailureKind.FAILED, "it ends here", "");
        });
        assertThatExceptionOfType(Failure.class).isThrownBy(() -> cutOff.run(request(ClientMode.STATELESS)));
        Path menu = tftp.resolve("pxelinux.cfg/01-52-54-00-12-34-56");
        assertThat(menu).doesNotExist();
        ClientRecord made = state.files().clients().get(0);

        CloneClient clone = cloneWith(any -> loader);
        for (CloneRequest other : List.of(
                new CloneRequest("bookworm", MAC, Optional.of("other"), Optional.empty(), ClientMode.STATELESS),
                new CloneRequest("bookworm", MAC, Optional.of("node1"), Optional.empty(), ClientMode.TORAM),
                new CloneRequest(
                        "bookworm", MAC, Optional.of("node1"), Optional.of("10.0.0.7"), ClientMode.STATELESS))) {
            assertThatExceptionOfType(Failure.class)
                    .isThrownBy(() -> clone.run(other))
                    .withMessage("52:54:00:12:34:56 is already bound to bookworm/1 as node1");
        }
        assertThat(menu).doesNotExist();

        CloneOutcome outcome = clone.run(request(ClientMode.STATELESS));
        assertThat(outcome.client()).isEqualTo(made);
        assertThat(menu).content().contains("bookworm/1");
        assertThat(events)
                .anySatisfy(event -> assertThat(event.toString())
                        .contains("52:54:00:12:34:56 (node1) of bookworm/1 is there already, and in no menu"));

        assertThatExceptionOfType(Failure.class)
                .as("it has come to its end")
                .isThrownBy(() -> clone.run(request(ClientMode.STATELESS)))
                .withMessage("52:54:00:12:34:56 is already bound to bookworm/1 as node1");
    }

    @Test
    void anotherRootThatIsBrokenIsNoObstacle() throws IOException {
        stageWith(any -> loader).run(StageRequest.of(List.of(), tftp, "10.0.0.1", Optional.empty()));
        Files.delete(state.publish("trixie").manifest());

        cloneWith(any -> loader).run(request(ClientMode.STATELESS));

        assertThat(tftp.resolve("pxelinux.cfg/01-52-54-00-12-34-56")).content().contains("bookworm/1");
        assertThat(events).anySatisfy(event -> assertThat(event.toString()).contains("not staged: the root trixie"));
    }

    @Test
    void aStateDirectoryThatACommandLineCannotCarryIsRefusedBeforeAnythingIsMade() throws IOException {
        state = new SampleState(temporary.resolve("state, of mine"));
        state.publish("bookworm");

        Failure failure = catchThrowableOfType(
                Failure.class, () -> cloneWith(any -> loader).run(request(ClientMode.PERSISTENT)));

        assertThat(failure)
                .hasMessage("a kernel command line cannot carry the path "
                        + state.directory().clients().resolve("52-54-00-12-34-56/root"));
        assertThat(failure.kind()).isEqualTo(FailureKind.INVALID_INPUT);
        assertThat(state.directory().clients()).doesNotExist();
    }

    @Test
    void aCurrentLinkToNothingIsSaid() throws IOException {
        Path link = state.directory().root("bookworm").resolve("current");
        Files.delete(link);
        Files.createSymbolicLink(link, Path.of("7"));

        Failure failure = catchThrowableOfType(
                Failure.class, () -> cloneWith(any -> loader).run(request(ClientMode.PERSISTENT)));

        assertThat(failure).hasMessage(link + " points to the generation bookworm/7, which does not exist");
        assertThat(state.directory().clients()).doesNotExist();
    }

    @Test
    void saysWhatItDoesAndThatItIsDone() {
        CloneOutcome outcome = cloneWith(any -> loader).run(request(ClientMode.STATELESS));
        assertThat(events)
                .startsWith(
                        new Event.StepStarted("clone", "Make node1 (52:54:00:12:34:56) of bookworm/1"),
                        new Event.StepFinished("clone", outcome.took(), false));
    }

    private CloneClient cloneWith(PxelinuxSource pxelinux) {
        return new CloneClient(
                state.directory(),
                (lowers, upper, work) -> {
                    throw new AssertionError("no view is to be opened");
                },
                new NoCommands(),
                stageWith(pxelinux),
                events::add,
                Clock.systemUTC());
    }

    private StageBootTree stageWith(PxelinuxSource pxelinux) {
        return BareStage.of(state.directory(), pxelinux, events::add, Clock.systemUTC());
    }

    private static CloneRequest request(ClientMode mode) {
        return new CloneRequest("bookworm", MAC, Optional.of("node1"), Optional.empty(), mode);
    }

    private static final class NoCommands implements Commands {
        @Override
        public Result run(Invocation invocation) {
            throw new AssertionError("nothing is to be run");
        }

        @Override
        public Running start(Invocation invocation, Consumer<String> output) {
            throw new AssertionError("nothing is to be started");
        }
    }
}
