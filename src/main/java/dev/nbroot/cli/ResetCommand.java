package dev.nbroot.cli;

import dev.nbroot.command.ResetOutcome;
import dev.nbroot.command.ResetRequest;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code nbroot reset}. */
@Command(
        name = "reset",
        description =
                "Take back what a machine has changed in its view, while it is off: everything, or some paths with"
                        + " all below them. Its name, machine id and SSH host keys stay.")
final class ResetCommand implements Callable<Integer> {
    private final CommandRunner runner;

    @ArgGroup(multiplicity = "1")
    private MachineChoice machine;

    @Parameters(
            arity = "0..*",
            paramLabel = "PATH",
            description = "What to take back, as the machine sees it (default: everything).")
    private List<String> paths = List.of();

    ResetCommand(CommandRunner runner) {
        this.runner = runner;
    }

    @Override
    public Integer call() {
        return runner.run(
                useCases -> useCases.resetClient().run(new ResetRequest(machine.text(), paths)),
                ResetCommand::text,
                outcome -> outcome);
    }

    private static String text(ResetOutcome outcome) {
        int dropped = outcome.dropped().size();
        String what = dropped == 0
                ? "nothing was changed"
                : dropped + (dropped == 1 ? " change" : " changes") + " taken back";
        return outcome.hostname() + " (" + outcome.mac() + "): " + what
                + (outcome.kept() == 0
                        ? "; it is as " + outcome.generation()
                        : "; " + outcome.kept() + (outcome.kept() == 1 ? " stays" : " stay"));
    }
}
