package dev.nbroot.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The cases are those of RFC 9110, section 14.1.2. */
class ByteRangeTest {
    @ParameterizedTest
    @CsvSource({
        "bytes=0-499, 0, 500",
        "bytes=500-999, 500, 500",
        "bytes=-500, 9500, 500",
        "bytes=9500-, 9500, 500",
        "bytes=0-0, 0, 1",
        "bytes=-1, 9999, 1",
        "BYTES=0-99999999999999999, 0, 10000",
        "bytes=-99999, 0, 10000",
    })
    void isUnderstood(String header, long first, long length) {
        assertThat(ByteRange.of(header, 10_000)).contains(new ByteRange(first, length));
    }

    @ParameterizedTest
    @ValueSource(strings = {"bytes=10000-", "bytes=-0", "bytes=20000-30000"})
    void hasNothing(String header) {
        assertThat(ByteRange.of(header, 10_000))
                .hasValueSatisfying(range -> assertThat(range.length()).isZero());
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(
            strings = {
                "",
                "bytes=",
                "bytes=-",
                "bytes=5-4",
                "lines=1-2",
                "bytes=1-2,4-5",
                "bytes=x-y",
                "bytes=--1",
                "bytes=1-9999999999999999999999"
            })
    void isIgnored(String header) {
        assertThat(ByteRange.of(header, 10_000)).isEmpty();
    }

    @Test
    void ofAnEmptyFileHasNothing() {
        assertThat(ByteRange.of("bytes=0-", 0)).contains(new ByteRange(0, 0));
    }
}
