package dev.nbroot.build;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConfigureTest {
    @Test
    void aCommandThatFailsIsTheProfilesFault() {
        Failure failure = Failure.of(FailureKind.COMMAND, "visudo failed", "").withDetails(List.of("syntax error"));
        Failure blamed = Configure.blamed(failure, "profile.yaml:4:1: no", "see sudoers(5)");
        assertThat(blamed.kind()).isEqualTo(FailureKind.INVALID_INPUT);
        assertThat(blamed).hasMessage("profile.yaml:4:1: no").hasCause(failure);
        assertThat(blamed.hint()).isEqualTo("see sudoers(5)");
        assertThat(blamed.details()).containsExactly("syntax error");
    }

    @Test
    void anInterruptStaysOne() {
        Failure interrupt = Failure.of(FailureKind.INTERRUPTED, "interrupted while running visudo", "");
        assertThat(Configure.blamed(interrupt, "profile.yaml:4:1: no", "")).isSameAs(interrupt);
    }
}
