package dev.nbroot.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.nbroot.check.ProfileChecks;
import dev.nbroot.release.BootContract;
import dev.nbroot.report.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever is typed, the answer is a profile or a sentence: never another exception. */
class MutatedProfilesTest {
    private static final Path GOOD = Path.of("src/test/resources/good-profiles");
    private static final String[] SNIPPETS = {
        "[",
        "]",
        "{",
        "}",
        ": ",
        "- ",
        "\n",
        "  ",
        "\"",
        "'",
        "*",
        "&a ",
        "!",
        "null",
        "~",
        "true",
        "0644",
        "-1",
        "\t",
        "#",
        "|",
        ",",
        "<<: ",
        "é",
        "\u0000",
        "9999999999999999999999",
        "file:",
        "../",
        "x: ",
        "\uD83D\uDE00",
        "\uD83D"
    };

    @TempDir
    Path directory;

    @Test
    void anyTextIsAProfileOrAFailure() throws IOException {
        Files.createDirectories(directory.resolve("keys"));
        Files.createDirectories(directory.resolve("overlay"));
        Files.copy(GOOD.resolve("keys/two.pub"), directory.resolve("keys/two.pub"));
        Files.writeString(directory.resolve("admin.pub"), Keys.ECDSA);
        String good = Files.readString(GOOD.resolve("everything.yaml"));
        assertThat(refused(good)).isFalse();
        Random random = new Random(20261120);
        int refused = 0;
        for (int round = 0; round < 500; round++) {
            StringBuilder text = new StringBuilder(good);
            for (int i = random.nextInt(2); i >= 0; i--) {
                int at = random.nextInt(text.length());
                int end = Math.min(text.length(), at + random.nextInt(4));
                text.replace(at, end, random.nextInt(4) == 0 ? "" : SNIPPETS[random.nextInt(SNIPPETS.length)]);
            }
            refused += refused(text.toString()) ? 1 : 0;
        }
        assertThat(refused).as("most changes are noticed").isBetween(250, 490);
    }

    private boolean refused(String text) throws IOException {
        Path file = directory.resolve("p.yaml");
        Files.write(file, text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        try {
            ProfileReader reader = new ProfileReader(directory);
            Reading reading = reader.examine(file, List.of());
            assertThat(new ProfileChecks(new BootContract()).judge(reading).errors())
                    .containsAll(reading.problems());
            Profile profile = reading.orThrow();
            Files.writeString(directory.resolve("again.yaml"), profile.yaml());
            assertThat(reader.read(directory.resolve("again.yaml"), List.of()).canonicalJson())
                    .isEqualTo(profile.canonicalJson());
            return false;
        } catch (Failure e) {
            assertThat(e.getMessage()).startsWith(file + ":").doesNotContain("\n");
            return true;
        } catch (RuntimeException | StackOverflowError e) {
            return fail("not a Failure for:\n" + text, e);
        }
    }
}
