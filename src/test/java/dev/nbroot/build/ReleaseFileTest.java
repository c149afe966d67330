package dev.nbroot.build;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReleaseFileTest {
    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

    @ParameterizedTest
    @CsvSource({
        "'Sat, 21 Nov 2026 12:00:01 UTC', false",
        "'Sat, 21 Nov 2026 11:59:59 UTC', true",
        "'Sun, 1 Nov 2026 00:00:00 +0000', true",
        "some day, true"
    })
    void anExpiredFileIsNotTrusted(String date, boolean expired) {
        Stream<String> lines = Stream.of("Suite: stable", "Valid-Until: " + date);
        assertThat(ReleaseFile.isExpired(lines, NOW)).isEqualTo(expired);
    }

    @Test
    void aFileWithoutADateIsGoodForEver() {
        assertThat(ReleaseFile.isExpired(Stream.of("Suite: stable", "Date: Sat, 1 Jan 2000 00:00:00 UTC"), NOW))
                .isFalse();
    }
}
