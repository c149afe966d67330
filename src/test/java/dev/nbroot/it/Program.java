package dev.nbroot.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nbroot.system.Commands;
import dev.nbroot.system.Invocation;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * {@code target/nbroot} as a user runs it: a process of its own.
 *
 * @param state its state directory
 * @param home its user's home directory, with the SSH key that profiles take
 */
public record Program(Commands commands, Path state, Path home) {
    /** Every exit status there is. */
    static final Integer[] ANY_STATUS = IntStream.range(0, 256).boxed().toArray(Integer[]::new);

    /** {@return the file that the Maven build made} */
    public static Path launcher() {
        String path = System.getProperty("nbroot.launcher");
        assertThat(path).as("system property nbroot.launcher").isNotNull();
        return Path.of(path);
    }

    /** {@return the command line for some words} */
    public Invocation invocation(String... words) {
        List<String> argv = new ArrayList<>(List.of(launcher().toString(), "--state", state.toString()));
        argv.addAll(List.of(words));
        return Invocation.of(argv)
                .with("HOME", home.toString())
                .with("JAVA_HOME", System.getProperty("java.home"))
                .in(Path.of("").toAbsolutePath())
                .within(Duration.ofMinutes(15));
    }

    /** Runs a command that must succeed. */
    public List<String> run(String... words) {
        return commands.run(invocation(words)).lines();
    }

    /** Runs a command that may fail. */
    public Commands.Result attempt(String... words) {
        return commands.run(invocation(words).accepting(ANY_STATUS));
    }
}
