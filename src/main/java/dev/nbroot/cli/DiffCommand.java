package dev.nbroot.cli;

import dev.nbroot.command.DiffOutcome;
import dev.nbroot.command.DiffRequest;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code nbroot diff}. */
@Command(
        name = "diff",
        description = "Say in what two generations of a root differ, or a machine's view from its generation: packages,"
                + " and files with what changed about them. Times of files are not compared.")
final class DiffCommand implements Callable<Integer> {
    private final CommandRunner runner;

    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", arity = "0..1", paramLabel = "NAME", description = "The root.")
    private String root;

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "GEN",
            description = "The generation to begin with: a number, or current.")
    private String from;

    @Parameters(
            index = "2",
            arity = "0..1",
            paramLabel = "GEN",
            description = "The generation to compare it with (default: current).")
    private String to;

    @ArgGroup(multiplicity = "0..1", heading = "What is compared with its generation, instead of two generations:%n")
    private MachineChoice machine;

    @Option(
            names = "--files",
            description = "List every file; without it those of a package that changed are counted, and new and removed"
                    + " directories stand for what is in them.")
    private boolean allFiles;

    DiffCommand(CommandRunner runner) {
        this.runner = runner;
    }

    @Override
    public Integer call() {
        if (machine != null) {
            if (root != null) {
                throw new ParameterException(spec.commandLine(), "give either --mac MAC, or NAME GEN [GEN]");
            }
            return runner.run(useCases -> useCases.diffClient().run(machine.text()), this::text, outcome -> outcome);
        }
        if (from == null) {
            throw new ParameterException(spec.commandLine(), "give NAME GEN [GEN], or --mac MAC");
        }
        DiffRequest request = new DiffRequest(root, from, Optional.ofNullable(to));
        return runner.run(useCases -> useCases.diffGenerations().run(request), this::text, outcome -> outcome);
    }

    private String text(DiffOutcome outcome) {
        return String.join("\n", new DiffText(outcome, allFiles).lines());
    }
}
