package dev.nbroot.system;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * One external command, as a value: printable, comparable, never a shell string.
 *
 * @param label a short name for its output lines, as in {@code debootstrap}
 * @param argv the program and its words; at least one
 * @param environment variables beside the constructed minimum (see {@link Commands}); nothing is inherited
 * @param input what the command reads on standard input; empty input when absent
 * @param directory the working directory; {@code /} when absent
 * @param deadline after which the command is killed and counts as failed
 * @param accepted the exit statuses that count as success
 */
public record Invocation(
        String label,
        List<String> argv,
        Map<String, String> environment,
        Optional<String> input,
        Optional<Path> directory,
        Duration deadline,
        Set<Integer> accepted) {

    /** RFC 3986 section 3.2.1, behind the scheme. */
    private static final Pattern USER_INFO = Pattern.compile("(?<=://)[^/@\\s]*@");

    private static final Pattern PLAIN_WORD = Pattern.compile("[A-Za-z0-9_@%+=:,./-]+");

    /** Copies the collections and checks that there is a program to run. */
    public Invocation {
        if (argv.isEmpty()) {
            throw new IllegalArgumentException("no program");
        }
        argv = List.copyOf(argv);
        environment = Map.copyOf(environment);
        accepted = Set.copyOf(accepted);
    }

    /** {@return a command labelled with its program's file name, with a deadline of one hour} */
    public static Invocation of(String... argv) {
        return of(List.of(argv));
    }

    /** As {@link #of(String...)}. */
    public static Invocation of(List<String> argv) {
        String program = argv.get(0);
        return new Invocation(
                program.substring(program.lastIndexOf('/') + 1),
                argv,
                Map.of(),
                Optional.empty(),
                Optional.empty(),
                Duration.ofHours(1),
                Set.of(0));
    }

    /** {@return the same command under another label} */
    public Invocation labelled(String newLabel) {
        return new Invocation(newLabel, argv, environment, input, directory, deadline, accepted);
    }

    /** {@return the same command with one more environment variable} */
    public Invocation with(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(environment);
        more.put(name, value);
        return new Invocation(label, argv, more, input, directory, deadline, accepted);
    }

    /** {@return the same command with the given standard input} */
    public Invocation reading(String text) {
        return new Invocation(label, argv, environment, Optional.of(text), directory, deadline, accepted);
    }

    /** {@return the same command in another working directory} */
    public Invocation in(Path newDirectory) {
        return new Invocation(label, argv, environment, input, Optional.of(newDirectory), deadline, accepted);
    }

    /** {@return the same command with another deadline} */
    public Invocation within(Duration newDeadline) {
        return new Invocation(label, argv, environment, input, directory, newDeadline, accepted);
    }

    /** {@return the same command for which these exit statuses are success} */
    public Invocation accepting(Integer... statuses) {
        return new Invocation(label, argv, environment, input, directory, deadline, Set.of(statuses));
    }

    /** {@return the same command run by another one: {@code prefix} words come before its own} */
    public Invocation behind(List<String> prefix) {
        List<String> words = new ArrayList<>(prefix);
        words.addAll(argv);
        return new Invocation(label, words, environment, input, directory, deadline, accepted);
    }

    /**
     * {@return the command line as one could paste it into a shell; standard input and environment are not shown, nor are
     * names and passwords in addresses, as of a proxy}
     */
    public String quoted() {
        return argv.stream()
                .map(word -> USER_INFO.matcher(word).replaceAll("***@"))
                .map(Invocation::quote)
                .collect(Collectors.joining(" "));
    }

    private static String quote(String word) {
        return PLAIN_WORD.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
