package dev.nbroot.build;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each order was checked with {@code dpkg --compare-versions}. */
class DebianVersionTest {
    @ParameterizedTest
    @CsvSource({
        "1.0, 1.1",
        "1.9, 1.10",
        "1.0-1, 1.0-2",
        "1.0-1, 1.0-1+b1",
        "1.0-1, 1.0-1+deb12u1",
        "1.0~rc1-1, 1.0-1",
        "1.0~~, 1.0~",
        "1.0~, 1.0",
        "1.0, 1.0a",
        "1.0a, 1.0+",
        "9.9, 1:0.1",
        "1:1.0, 2:0",
        "2025a-0+deb12u1, 2025b-0+deb12u1",
        "1.0-9, 1.0.1-1",
        "1-1-1, 1-1-2",
        "1.00000000000000000000000000001, 1.00000000000000000000000000002",
    })
    void comesBefore(String one, String other) {
        assertThat(new DebianVersion(one)).isLessThan(new DebianVersion(other));
        assertThat(new DebianVersion(other)).isGreaterThan(new DebianVersion(one));
    }

    @ParameterizedTest
    @CsvSource({"1.0, 1.0", "1.0, 1.0-0", "1.01, 1.1", "0:1, 1", "1.0.0, 1.0.00"})
    void comesTogether(String one, String other) {
        assertThat(new DebianVersion(one)).isEqualByComparingTo(new DebianVersion(other));
    }
}
