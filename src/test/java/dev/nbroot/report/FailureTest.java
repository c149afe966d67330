package dev.nbroot.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class FailureTest {
    private final Failure failure = Failure.of(FailureKind.COMMAND, "sh failed", "try again")
            .withCommand("sh -c false")
            .withLog(Path.of("/log"))
            .inStep(new Failure.Step("hooks", "Run the hooks"))
            .withDetails(List.of("last line"));

    @Test
    void whatIsAddedDoesNotReplaceTheRest() {
        assertThat(failure).hasMessage("sh failed");
        assertThat(failure.hint()).isEqualTo("try again");
        assertThat(failure.command()).contains("sh -c false");
        assertThat(failure.log()).contains(Path.of("/log"));
        assertThat(failure.step()).contains(new Failure.Step("hooks", "Run the hooks"));
        assertThat(failure.details()).containsExactly("last line");
    }

    @Test
    void toldInOtherWordsItKeepsItsPlace() {
        Failure other = Failure.of(FailureKind.INVALID_INPUT, "the hook is wrong", "mend it", failure);
        assertThat(other.command()).isEqualTo(failure.command());
        assertThat(other.step()).isEqualTo(failure.step());
        assertThat(other.log()).isEqualTo(failure.log());
        assertThat(other.details()).isEmpty();
        assertThat(other).hasCause(failure);
    }

    @Test
    void theInnermostStepIsTheOne() {
        assertThat(failure.inStep(new Failure.Step("outer", "Outer")).step()).isEqualTo(failure.step());
    }

    @Test
    void aCopyIsThrownFromTheSamePlace() {
        assertThat(failure.withLog(Path.of("/other")).getStackTrace()).isEqualTo(failure.getStackTrace());
    }
}
