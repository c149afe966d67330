package dev.nbroot.cli;

import dev.nbroot.command.BuildOutcome;
import dev.nbroot.command.BuildRequest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code nbroot build}. */
@Command(
        name = "build",
        description = "Make a new generation of a profile's root; if nothing changed, say where the current one is.")
final class BuildCommand implements Callable<Integer> {
    private final CommandRunner runner;

    @Parameters(paramLabel = "PROFILE.yaml", description = "What is wanted.")
    private Path profile;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "Override a value of the profile, as in bootstrap.suite=trixie.")
    private List<String> sets = new ArrayList<>();

    @Option(
            names = "--fresh",
            description =
                    "Build even if nothing changed, and reuse nothing but package files; with the newest packages, or those"
                            + " that --locked or --offline asks for.")
    private boolean fresh;

    @Option(names = "--dry-run", description = "Say what would be done, and do nothing.")
    private boolean dryRun;

    @Option(
            names = "--locked",
            description = "Take exactly the packages of PROFILE.lock.json, which nbroot lock writes.")
    private boolean locked;

    @Option(names = "--offline", description = "Touch no network: the cache must have every package.")
    private boolean offline;

    BuildCommand(CommandRunner runner) {
        this.runner = runner;
    }

    @Override
    public Integer call() {
        BuildRequest request = new BuildRequest(profile, sets, fresh, dryRun, locked, offline);
        return runner.run(
                useCases -> useCases.buildRoot().run(request), outcome -> text(outcome, dryRun), outcome -> outcome);
    }

    private static String text(BuildOutcome outcome, boolean dryRun) {
        if (!dryRun) {
            return outcome.path().toString();
        }
        if (outcome.upToDate()) {
            return "nothing changed: " + outcome.path();
        }
        return outcome.plan().stream()
                .flatMap(step -> Stream.concat(
                        Stream.of(step.name() + ": " + step.title()),
                        step.details().stream().map(line -> "    " + line)))
                .collect(Collectors.joining("\n"));
    }
}
