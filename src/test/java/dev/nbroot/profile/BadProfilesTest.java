package dev.nbroot.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Every bad-profiles/NAME.yaml is refused with exactly the words of NAME.txt: the sentence, the hint, then the further
 * problems. NAME.set, if there, has one {@code --set} option on each line.
 *
 * <p>After a change of wording: {@code mvn -Dtest=BadProfilesTest -Dnbroot.golden=write test}, and read the
 * difference.
 */
class BadProfilesTest {
    private static final Path DIRECTORY = Path.of("src/test/resources/bad-profiles");
    private static final Path HOME = DIRECTORY.resolve("home-of-nobody");

    private static List<Path> profiles() throws IOException {
        try (Stream<Path> files = Files.list(DIRECTORY)) {
            return files.filter(file -> file.toString().endsWith(".yaml"))
                    .sorted()
                    .toList();
        }
    }

    private static Path beside(Path profile, String ending) {
        return profile.resolveSibling(profile.getFileName().toString().replace(".yaml", ending));
    }

    private static String refusal(Path profile) throws IOException {
        Path sets = beside(profile, ".set");
        List<String> options = Files.exists(sets) ? Files.readAllLines(sets) : List.of();
        Failure failure = catchThrowableOfType(Failure.class, () -> new ProfileReader(HOME).read(profile, options));
        assertThat(failure).as("%s is refused", profile).isNotNull();
        assertThat(failure.kind()).isEqualTo(FailureKind.INVALID_INPUT);
        String text = failure.getMessage() + "\n    hint: " + failure.hint() + "\n"
                + String.join(
                        "", failure.details().stream().map(line -> line + "\n").toList());
        return text.replace(DIRECTORY.toAbsolutePath() + "/", "DIR/").replace(DIRECTORY + "/", "");
    }

    @TestFactory
    Stream<DynamicTest> isRefusedWithTheseWords() throws IOException {
        return profiles().stream()
                .map(profile -> DynamicTest.dynamicTest(profile.getFileName().toString(), () -> {
                    String actual = refusal(profile);
                    Path golden = beside(profile, ".txt");
                    if ("write".equals(System.getProperty("nbroot.golden"))) {
                        Files.writeString(golden, actual);
                    }
                    assertThat(actual).isEqualTo(Files.readString(golden));
                }));
    }

    @Test
    void thereAreMany() throws IOException {
        assertThat(profiles()).hasSizeGreaterThan(140);
    }

    @Test
    void noMessageShowsASecret() throws IOException {
        for (Path profile : profiles()) {
            assertThat(refusal(profile)).as("%s", profile).doesNotContain("hunter2", "31337");
        }
    }

    @Test
    void everyMessageBeginsWithAPlaceAndIsOneSentence() throws IOException {
        for (Path profile : profiles()) {
            String first = refusal(profile).lines().findFirst().orElseThrow();
            assertThat(first)
                    .as("%s", profile)
                    .matches("(([a-z0-9/-]+\\.yaml:[0-9]+:[0-9]+)|(--set( \\S+)?)): [^\\n]+[^.]");
        }
    }
}
