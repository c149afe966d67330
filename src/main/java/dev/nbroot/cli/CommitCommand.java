package dev.nbroot.cli;

import dev.nbroot.command.UpkeepOutcome;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code nbroot commit}. */
@Command(
        name = "commit",
        description =
                "Make the next generation of a root out of what a machine has changed, while it is off, and move the"
                        + " machine to it. The machine's name, machine id and SSH host keys stay its own.")
final class CommitCommand implements Callable<Integer> {
    private final CommandRunner runner;

    @Option(names = "--mac", required = true, paramLabel = "MAC", description = "The machine.")
    private String mac;

    CommitCommand(CommandRunner runner) {
        this.runner = runner;
    }

    @Override
    public Integer call() {
        return runner.run(useCases -> useCases.commitClient().run(mac), UpkeepOutcome::text, UpkeepView::of);
    }
}
