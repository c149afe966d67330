package dev.nbroot.cli;

import dev.nbroot.command.LockRequest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code nbroot lock}. */
@Command(
        name = "lock",
        description = "Write down which package files a profile takes today, for: nbroot build --locked.")
final class LockCommand implements Callable<Integer> {
    private final CommandRunner runner;

    @Parameters(paramLabel = "PROFILE.yaml", description = "Gets its lock file, PROFILE.lock.json, beside it.")
    private Path profile;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "Override a value of the profile, as in bootstrap.suite=trixie.")
    private List<String> sets = new ArrayList<>();

    LockCommand(CommandRunner runner) {
        this.runner = runner;
    }

    @Override
    public Integer call() {
        LockRequest request = new LockRequest(profile, sets);
        return runner.run(
                useCases -> useCases.lockProfile().run(request),
                outcome -> outcome.path().toString(),
                outcome -> outcome);
    }
}
