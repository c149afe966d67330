package dev.nbroot.nfs;

import dev.nbroot.system.Commands;
import dev.nbroot.system.Invocation;
import dev.nbroot.system.Namespaces;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/** The load client {@code src/test/c/nfsload.c}, compiled for this run. */
final class BenchLoad {
    private final Commands commands;
    private final Namespaces.Namespace namespace;
    private final Path program;

    /**
     * What one run did.
     *
     * @param operations per second
     * @param megabytes per second, in 10^6 bytes
     * @param median latency in microseconds
     * @param late the latency in microseconds that 99 of 100 calls stay below
     * @param count how many operations were done
     */
    record Result(double operations, double megabytes, double median, double late, double count) {}

    BenchLoad(Commands commands, Namespaces.Namespace namespace, Path scratch) {
        this.commands = commands;
        this.namespace = namespace;
        this.program = scratch.resolve("nfsload");
        commands.run(Invocation.of("gcc", "-O2", "-Wall", "-Werror", "-o", program.toString(), source(), "-lnfs"));
    }

    private static String source() {
        return Path.of("src/test/c/nfsload.c").toAbsolutePath().toString();
    }

    private Invocation invocation(List<String> prefix, String url, int connections, int depth, int seconds, String op) {
        return Invocation.of(
                        program.toString(),
                        url,
                        Integer.toString(connections),
                        Integer.toString(depth),
                        Integer.toString(seconds),
                        op)
                .behind(prefix)
                .within(Duration.ofSeconds(seconds + 60));
    }

    Result run(String url, int connections, int depth, int seconds, String operation) {
        String line = commands.run(namespace.inside(invocation(List.of(), url, connections, depth, seconds, operation)))
                .text();
        String[] words = line.split(" ");
        if (words.length != 8) {
            throw new AssertionError("the load client says: " + line);
        }
        return new Result(number(words[2]), number(words[3]), number(words[5]), number(words[6]), number(words[7]));
    }

    private static double number(String word) {
        return Double.parseDouble(word);
    }

    /**
     * Starts a client that another one is to be measured beside. It gets what processor time the server and that other
     * client leave, as if it were another machine.
     */
    Commands.Running beside(String url, int connections, int depth, int seconds, String operation) {
        Consumer<String> failures = line -> {
            if (line.contains("nfsload:") || line.contains("FAILURES")) {
                System.out.printf(Locale.ROOT, "    beside: %s%n", line);
            }
        };
        return commands.start(
                namespace.inside(invocation(List.of("nice", "-n", "19"), url, connections, depth, seconds, operation)),
                failures);
    }
}
