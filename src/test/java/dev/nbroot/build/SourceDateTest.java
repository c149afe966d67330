package dev.nbroot.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SourceDateTest {
    @Test
    void aNumberIsTaken() {
        assertThat(SourceDate.parse(Optional.of("1700000000"))).hasValue(1700000000L);
        assertThat(SourceDate.parse(Optional.of(""))).isEmpty();
        assertThat(SourceDate.parse(Optional.empty())).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"today", "-1", "1e9", " 1", "99999999999999"})
    void anythingElseIsWrongUsage(String text) {
        Failure failure = catchThrowableOfType(Failure.class, () -> SourceDate.parse(Optional.of(text)));
        assertThat(failure.kind()).isEqualTo(FailureKind.USAGE);
    }
}
