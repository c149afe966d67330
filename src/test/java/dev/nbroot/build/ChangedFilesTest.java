package dev.nbroot.build;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChangedFilesTest {
    @TempDir
    Path work;

    @Test
    void aClockThatWasSetBackIsNoticed() throws IOException {
        Path mark = work.resolve("mark");
        long steady = System.currentTimeMillis() - System.nanoTime() / 1_000_000;
        for (long forward : new long[] {0, -3_600_000}) {
            Files.writeString(work.resolve("mark.clock"), Long.toString(steady + forward));
            assertThat(ChangedFiles.isSteady(mark)).as("%s", forward).isTrue();
        }
        for (long back : new long[] {50, 3_600_000}) {
            Files.writeString(work.resolve("mark.clock"), Long.toString(steady + back));
            assertThat(ChangedFiles.isSteady(mark)).as("%s", back).isFalse();
        }
    }
}
