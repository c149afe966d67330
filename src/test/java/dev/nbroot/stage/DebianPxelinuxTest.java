package dev.nbroot.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.nbroot.report.Event;
import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import dev.nbroot.state.Generation;
import dev.nbroot.state.SampleState;
import dev.nbroot.system.Commands;
import dev.nbroot.system.Invocation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DebianPxelinuxTest {
    @TempDir
    private Path temporary;

    private final List<Event> events = new ArrayList<>();

    @ParameterizedTest
    @CsvSource({"COMMAND,HOST", "FAILED,HOST", "INTERRUPTED,INTERRUPTED"})
    void whatAptCannotGiveTheHostLacksButAnInterruptStaysOne(FailureKind thrown, FailureKind told) throws IOException {
        Failure failure = catchThrowableOfType(Failure.class, () -> load(thrown));
        assertThat(failure.kind()).isEqualTo(told);
        assertThat(failure).hasMessageContaining("apt said no");
    }

    @Test
    void aFetchIsToldAsAStep() throws IOException {
        catchThrowableOfType(Failure.class, () -> load(FailureKind.COMMAND));
        assertThat(events)
                .containsExactly(
                        new Event.StepStarted("pxelinux", "Fetch PXELINUX from the package sources of bookworm/1"));
    }

    @Test
    void leavesNothingInTheCache() throws IOException {
        catchThrowableOfType(Failure.class, () -> load(FailureKind.INTERRUPTED));
        assertThat(temporary.resolve("cache")).isEmptyDirectory();
    }

    private PxelinuxLoader load(FailureKind thrown) throws IOException {
        SampleState state = new SampleState(temporary.resolve("state"));
        Generation generation = state.publish("bookworm");
        Commands commands = new Failing(thrown);
        PxelinuxOnHost bareHost = new PxelinuxOnHost(temporary.resolve("host"), commands);
        return new DebianPxelinux(bareHost, temporary.resolve("cache"), commands, events::add)
                .loader(StagedGeneration.of(generation, state.files().manifest(generation)));
    }

    private record Failing(FailureKind kind) implements Commands {
        @Override
        public Result run(Invocation invocation) {
            throw Failure.of(kind, "apt said no", "");
        }

        @Override
        public Running start(Invocation invocation, Consumer<String> output) {
            throw new AssertionError("nothing is to be started");
        }
    }
}
