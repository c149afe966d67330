package dev.nbroot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nbroot.cli.Console;
import dev.nbroot.cli.Nbroot;
import dev.nbroot.state.TwoGenerations;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * The command line as its users see it: each file in {@code src/test/resources/cli} is a transcript. A line with
 * {@code $} is a command; the lines below it are what it prints on standard output ({@code >}) and standard error
 * ({@code !}), and its exit status ({@code ?}). {@code STATE} stands for a state directory: an empty one, or what the
 * transcript's first line asks for; {@code HERE} for the directory of the checkout.
 *
 * <p>After a change of wording: {@code mvn -Dtest=TranscriptTest -Dnbroot.golden=write test}, and read the difference.
 */
class TranscriptTest {
    private static final Path TRANSCRIPTS = Path.of("src/test/resources/cli");
    private static final int TRANSCRIPTS_AT_LEAST = 4;

    private static final String WITH_GENERATIONS = "# State: two generations";

    @TempDir
    private Path directory;

    private Path state;

    @TestFactory
    List<DynamicTest> transcripts() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        try (Stream<Path> files = Files.list(TRANSCRIPTS)) {
            files.sorted()
                    .forEach(file -> tests.add(
                            DynamicTest.dynamicTest(file.getFileName().toString(), file.toUri(), () -> check(file))));
        }
        assertThat(tests).hasSizeGreaterThanOrEqualTo(TRANSCRIPTS_AT_LEAST);
        return tests;
    }

    private void check(Path file) throws IOException {
        String replayed = replayed(file);
        if ("write".equals(System.getProperty("nbroot.golden"))) {
            Files.writeString(file, replayed);
        }
        assertThat(replayed).isEqualTo(Files.readString(file));
    }

    private String replayed(Path file) throws IOException {
        StringBuilder replay = new StringBuilder();
        List<String> lines = Files.readAllLines(file);
        state = Files.createDirectory(directory.resolve(file.getFileName()));
        if (lines.get(0).equals(WITH_GENERATIONS)) {
            TwoGenerations.in(state);
        }
        for (String line : lines) {
            if (line.startsWith("$ nbroot")) {
                replay.append(line)
                        .append('\n')
                        .append(run(line.substring("$ nbroot".length()).strip()));
            } else if (line.startsWith("#") || line.isEmpty()) {
                replay.append(line).append('\n');
            }
        }
        return replay.toString();
    }

    private String run(String words) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        List<String> args = new ArrayList<>(List.of("--state", state.toString()));
        Stream.of(words.split(" "))
                .filter(word -> !word.isEmpty())
                .map(word -> word.replace("STATE", state.toString()))
                .forEach(args::add);
        Console console = new Console(new PrintWriter(out), new PrintWriter(err), false);
        int status = new Nbroot(
                        console,
                        (directory, events) -> new Wiring(state, Optional.empty(), Optional.empty(), directory, events))
                .run(args.toArray(String[]::new));
        return marked("> ", out) + marked("! ", err) + "? " + status + "\n";
    }

    private String marked(String mark, StringWriter text) {
        StringBuilder lines = new StringBuilder();
        text.toString()
                .replace(state.toString(), "STATE")
                .replace(Path.of("").toAbsolutePath() + "/", "HERE/")
                .lines()
                .forEach(line -> lines.append((mark + line).stripTrailing()).append('\n'));
        return lines.toString();
    }
}
