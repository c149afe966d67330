package dev.nbroot.cli;

import dev.nbroot.command.EnterRequest;
import dev.nbroot.command.UpkeepOutcome;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code nbroot enter}. */
@Command(
        name = "enter",
        customSynopsis = {"nbroot enter NAME [-- CMD [ARG]...]", "       nbroot enter --mac MAC [-- CMD [ARG]...]"},
        description =
                "A shell or a command in a copy of a root's current generation, which becomes the next one if it ends"
                        + " with status 0; or in the view of a machine that is off, where all that is done stays. No service"
                        + " is started.")
final class EnterCommand implements Callable<Integer> {
    private static final String END_OF_OPTIONS = "--";

    private final CommandRunner runner;

    @Spec
    private CommandSpec spec;

    @ArgGroup(multiplicity = "0..1", heading = "Whose view to work in:%n")
    private MachineChoice machine;

    @Parameters(arity = "0..*", paramLabel = "NAME", description = "The root; then, behind --, the command.")
    private List<String> words = List.of();

    EnterCommand(CommandRunner runner) {
        this.runner = runner;
    }

    @Override
    public Integer call() {
        List<String> typed = spec.commandLine().getParseResult().originalArgs();
        int end = typed.indexOf(END_OF_OPTIONS);
        int inCommand = end < 0 ? 0 : typed.size() - end - 1;
        List<String> names = words.subList(0, words.size() - inCommand);
        List<String> argv = words.subList(words.size() - inCommand, words.size());
        if (names.size() + (machine == null ? 0 : 1) != 1) {
            throw new ParameterException(
                    spec.commandLine(),
                    names.size() > 1
                            ? "write -- before the command, as in: nbroot enter " + names.get(0) + " -- "
                                    + String.join(" ", names.subList(1, names.size()))
                            : "give either NAME or --mac MAC");
        }
        Optional<String> root = names.stream().findFirst();
        return runner.attended(
                (useCases, talking) -> useCases.enterRoot()
                        .run(new EnterRequest(
                                root,
                                Optional.ofNullable(machine).map(MachineChoice::text),
                                List.copyOf(argv),
                                talking)),
                UpkeepOutcome::text,
                UpkeepView::of);
    }
}
