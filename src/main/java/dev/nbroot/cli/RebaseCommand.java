package dev.nbroot.cli;

import dev.nbroot.command.RebaseOutcome;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;

/** {@code nbroot rebase}. */
@Command(
        name = "rebase",
        description =
                "Move a machine that is off, with all that it has changed, to its root's current generation. If that"
                        + " fights with what changed in the root, it says where, and leaves everything as it is.")
final class RebaseCommand implements Callable<Integer> {
    private final CommandRunner runner;

    @ArgGroup(multiplicity = "1")
    private MachineChoice machine;

    RebaseCommand(CommandRunner runner) {
        this.runner = runner;
    }

    @Override
    public Integer call() {
        return runner.run(
                useCases -> useCases.rebaseClient().run(machine.text()), RebaseCommand::text, outcome -> outcome);
    }

    private static String text(RebaseOutcome outcome) {
        String who = outcome.hostname() + " (" + outcome.mac() + ")";
        String to = outcome.name() + "/" + outcome.to();
        return outcome.from() == outcome.to()
                ? who + " is on " + to + " already"
                : who + " is on " + to + ", with " + outcome.carried()
                        + (outcome.carried() == 1 ? " change" : " changes") + " of its own";
    }
}
