package dev.nbroot.cli;

import dev.nbroot.command.UpkeepOutcome;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;

/** {@code nbroot commit}. */
@Command(
        name = "commit",
        description =
                "Make the next generation of a root out of what a machine has changed, while it is off, and move the"
                        + " machine to it. The machine's name, machine id and SSH host keys stay its own.")
final class CommitCommand implements Callable<Integer> {
    private final CommandRunner runner;

    @ArgGroup(multiplicity = "1")
    private MachineChoice machine;

    CommitCommand(CommandRunner runner) {
        this.runner = runner;
    }

    @Override
    public Integer call() {
        return runner.run(useCases -> useCases.commitClient().run(machine.text()), UpkeepOutcome::text, UpkeepView::of);
    }
}
