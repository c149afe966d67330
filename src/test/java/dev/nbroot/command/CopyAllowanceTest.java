package dev.nbroot.command;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.nbroot.report.Failure;
import dev.nbroot.state.ClientMode;
import dev.nbroot.state.ClientRecord;
import dev.nbroot.system.MacAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class CopyAllowanceTest {
    private static final long GIB = 1L << 30;

    private long now = Long.MAX_VALUE - 5;
    private final CopyAllowance allowance = new CopyAllowance(() -> now);
    private final ClientRecord one = client("52:54:00:00:00:01");

    private static ClientRecord client(String mac) {
        return new ClientRecord(
                MacAddress.parse(mac),
                "bookworm",
                1,
                "node",
                "0".repeat(32),
                ClientMode.PERSISTENT,
                Optional.empty(),
                OptionalInt.empty(),
                "2026-01-01T00:00:00Z");
    }

    @Test
    void aMachineMayHaveMuchCopiedAtOnceAndThenLittle() {
        for (int i = 0; i < 3; i++) {
            allowance.require(one, GIB);
            allowance.spend(one, GIB);
        }
        assertThatExceptionOfType(Failure.class)
                .isThrownBy(() -> allowance.require(one, GIB / 2))
                .withMessageContaining("3072 MiB")
                .satisfies(failure -> org.assertj.core.api.Assertions.assertThat(failure.hint())
                        .contains("in 30 min"));
        assertThatCode(() -> allowance.require(client("52:54:00:00:00:02"), GIB))
                .as("another machine")
                .doesNotThrowAnyException();
        now += Duration.ofMinutes(31).toNanos();
        allowance.require(one, GIB / 2);
        assertThatExceptionOfType(Failure.class).isThrownBy(() -> allowance.require(one, GIB));
    }

    @Test
    void whatIsNotUsedDoesNotGrowForEver() {
        allowance.spend(one, GIB);
        now += Duration.ofDays(30).toNanos();
        allowance.require(one, CopyAllowance.MOST_BYTES);
        assertThatExceptionOfType(Failure.class).isThrownBy(() -> allowance.require(one, CopyAllowance.MOST_BYTES + 1));
    }
}
