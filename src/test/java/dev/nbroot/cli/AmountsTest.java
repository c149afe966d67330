package dev.nbroot.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nbroot.report.Event;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AmountsTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0 B",
        "999, 999 B",
        "1000, 1.0 kB",
        "9949, 9.9 kB",
        "34000, 34 kB",
        "999499, 999 kB",
        "999500, 1.0 MB",
        "180000000, 180 MB",
        "-1200000, -1.2 MB",
        "-51200, -51 kB",
        "1230000000, 1.2 GB",
    })
    void bytes(long bytes, String text) {
        assertThat(Amounts.bytes(bytes)).isEqualTo(text);
    }

    private static String of(String text, Event.Bytes bytes, Event.Items items) {
        return Amounts.of(new Event.Progress("packages", text, Optional.ofNullable(bytes), Optional.ofNullable(items)));
    }

    @Test
    void everythingThatIsKnownIsShown() {
        assertThat(of("", Event.Bytes.of(34_000_000, 180_000_000, 12_300_000), Event.Items.of("packages", 41, 160)))
                .isEqualTo("34 of 180 MB, 12.3 MB/s, 41 of 160 packages");
        assertThat(of("Fetching less", Event.Bytes.of(300_000, 1_200_000, 500), null))
                .isEqualTo("0.3 of 1.2 MB, 500 B/s, Fetching less");
        assertThat(of("", new Event.Bytes(5_000, Optional.empty(), Optional.empty()), null))
                .isEqualTo("5.0 kB");
        assertThat(of("Comparing", null, new Event.Items("files", 7, Optional.empty())))
                .isEqualTo("7 files, Comparing");
        assertThat(of("Unpacking less", null, null)).isEqualTo("Unpacking less");
    }
}
