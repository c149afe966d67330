package dev.nbroot.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class FailureKindTest {
    @Test
    void theManualHasTheSameTable() throws IOException {
        List<String> rows = Files.readAllLines(Path.of("src/docs/manual.md")).stream()
                .filter(line -> line.matches("\\| [0-9]+ \\| .*"))
                .toList();

        assertThat(rows)
                .containsExactlyElementsOf(Stream.concat(
                                Stream.of("| 0 | done |"),
                                Arrays.stream(FailureKind.values())
                                        .map(kind -> "| " + kind.status() + " | " + kind.meaning() + " |"))
                        .toList());
    }
}
