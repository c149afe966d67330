package dev.nbroot.cli;

import dev.nbroot.command.TestOutcome;
import dev.nbroot.command.TestRequest;
import dev.nbroot.system.MacAddress;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code nbroot test}. */
@Command(
        name = "test",
        description = "Boot a virtual machine from the boot tree, on a private network, and log in to it."
                + " Nothing that it does is kept.")
final class TestCommand implements Callable<Integer> {
    private final CommandRunner runner;

    @Parameters(arity = "0..1", paramLabel = "NAME", description = "The root (default: what an unknown machine boots).")
    private String root;

    @Option(names = "--mac", paramLabel = "MAC", description = "Play this machine.")
    private String mac;

    @Option(
            names = "--memory",
            paramLabel = "MIB",
            defaultValue = "1024",
            description = "The machine's memory (default: ${DEFAULT-VALUE}).")
    private int memory;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "300",
            description = "How long it may take to come up (default: ${DEFAULT-VALUE}).")
    private int timeout;

    TestCommand(CommandRunner runner) {
        this.runner = runner;
    }

    @Override
    public Integer call() {
        TestRequest request = new TestRequest(
                Optional.ofNullable(root),
                Optional.ofNullable(mac).map(MacAddress::parse),
                memory,
                Duration.ofSeconds(timeout));
        return runner.run(useCases -> useCases.testBoot().run(request), TestCommand::text, outcome -> outcome);
    }

    private static String text(TestOutcome outcome) {
        Stream<String> stages = outcome.stages().stream()
                .map(stage -> String.format(Locale.ROOT, "%7.1f s  %s", stage.seconds(), stage.name()));
        Stream<String> screen = outcome.screen().stream().map(line -> "  | " + line);
        return Stream.of(stages, screen, Stream.of("it boots: " + outcome.evidence()))
                .flatMap(lines -> lines)
                .collect(Collectors.joining("\n"));
    }
}
