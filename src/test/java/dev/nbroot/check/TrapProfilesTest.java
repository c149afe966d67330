package dev.nbroot.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nbroot.profile.Problem;
import dev.nbroot.profile.ProfileReader;
import dev.nbroot.release.BootContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Every trap-profiles/NAME.yaml is judged with exactly the words of NAME.txt: errors, then warnings, each with its hint.
 * NAME.set, if there, has one {@code --set} option on each line.
 *
 * <p>After a change of wording: {@code mvn -Dtest=TrapProfilesTest -Dnbroot.golden=write test}, and read the difference.
 */
class TrapProfilesTest {
    private static final Path DIRECTORY = Path.of("src/test/resources/trap-profiles");

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

    private static String verdict(Path profile) throws IOException {
        Path sets = beside(profile, ".set");
        List<String> options = Files.exists(sets) ? Files.readAllLines(sets) : List.of();
        Verdict verdict =
                new ProfileChecks(new BootContract()).judge(new ProfileReader(DIRECTORY).examine(profile, options));
        StringBuilder text = new StringBuilder();
        verdict.errors().forEach(error -> text.append(line("error", error)));
        verdict.warnings().forEach(warning -> text.append(line("warning", warning)));
        return text.toString().replace(DIRECTORY.toAbsolutePath() + "/", "DIR/").replace(DIRECTORY + "/", "");
    }

    private static String line(String severity, Problem problem) {
        return severity + ": " + problem.sentence() + "\n    try: " + problem.hint() + "\n";
    }

    @TestFactory
    Stream<DynamicTest> isJudgedWithTheseWords() throws IOException {
        return profiles().stream()
                .map(profile -> DynamicTest.dynamicTest(profile.getFileName().toString(), () -> {
                    String actual = verdict(profile);
                    Path golden = beside(profile, ".txt");
                    if ("write".equals(System.getProperty("nbroot.golden"))) {
                        Files.writeString(golden, actual);
                    }
                    assertThat(actual).isNotEmpty().isEqualTo(Files.readString(golden));
                }));
    }

    @Test
    void thereAreMany() throws IOException {
        assertThat(profiles()).hasSizeGreaterThan(25);
    }

    @Test
    void noRemarkShowsASecretAndEachSaysWhatToTry() throws IOException {
        for (Path profile : profiles()) {
            assertThat(verdict(profile)).as("%s", profile).doesNotContain("hunter2", "bob:", "try: \n");
        }
    }
}
