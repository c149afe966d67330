package dev.nbroot.cli;

import dev.nbroot.command.UseCases;
import dev.nbroot.report.Events;
import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import dev.nbroot.state.StateDirectory;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command line: words in, exit status out. Everything a test needs comes in through the constructor. */
public final class Nbroot {
    private final Console console;
    private final BiFunction<StateDirectory, Events, UseCases> wiring;

    /**
     * Makes the command line.
     *
     * @param console where it talks to
     * @param wiring makes the use cases for a state directory and a listener
     */
    public Nbroot(Console console, BiFunction<StateDirectory, Events, UseCases> wiring) {
        this.console = console;
        this.wiring = wiring;
    }

    /**
     * Parses and runs one command.
     *
     * @return the exit status of the table in {@link FailureKind}; 0 is success
     */
    public int run(String... args) {
        GlobalOptions options = new GlobalOptions();
        CommandLine commandLine = commandLine(options);
        int status = commandLine.execute(args);
        console.out().flush();
        console.err().flush();
        return status;
    }

    CommandLine commandLine(GlobalOptions options) {
        CommandRunner runner = new CommandRunner(console, options, wiring);
        CommandLine commandLine = new CommandLine(new RootCommand(options))
                .addSubcommand(new BuildCommand(runner))
                .addSubcommand(new LockCommand(runner))
                .addSubcommand(new CheckCommand(runner))
                .addSubcommand(new ShowCommand(runner))
                .addSubcommand(new SchemaCommand(runner))
                .addSubcommand(new StageCommand(runner))
                .addSubcommand(new CloneCommand(runner))
                .addSubcommand(new DiffCommand(runner))
                .addSubcommand(new RootsCommand(runner))
                .addSubcommand(new ClientsCommand(runner))
                .addSubcommand(new RollbackCommand(runner))
                .addSubcommand(new GcCommand(runner))
                .addSubcommand(new ResetCommand(runner))
                .addSubcommand(new RebaseCommand(runner))
                .addSubcommand(new EnterCommand(runner))
                .addSubcommand(new UpgradeCommand(runner))
                .addSubcommand(new CommitCommand(runner))
                .addSubcommand(new ServeCommand(runner))
                .addSubcommand(new TestCommand(runner))
                .setOut(console.out())
                .setErr(console.err())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler((problem, words) -> tellWrongUsage(problem, words))
                .setExecutionExceptionHandler((problem, command, result) -> tell(problem, options));
        ExitTable.addTo(commandLine);
        return commandLine;
    }

    private int tell(Exception problem, GlobalOptions options) {
        FailureReport report = new FailureReport(console, Style.of(options, console), options.json, options.verbose);
        if (problem instanceof Failure failure) {
            return report.tell(failure);
        }
        if (problem instanceof IOException io) {
            return report.tell(Failure.of(FailureKind.FAILED, Failure.reason(io), "", io));
        }
        return report.tell(Failure.of(
                FailureKind.FAILED,
                "this is a bug in nbroot: " + problem,
                "run it again with --verbose and report what it prints",
                problem));
    }

    private int tellWrongUsage(ParameterException problem, String[] words) {
        CommandLine command = problem.getCommandLine();
        List<String> suggestions = new ArrayList<>();
        if (problem instanceof UnmatchedArgumentException unmatched) {
            suggestions.addAll(unmatched.getSuggestions());
        }
        String help = command.getCommandSpec().qualifiedName() + " --help";
        String hint = suggestions.isEmpty() ? help : String.join(", ", suggestions) + "? or: " + help;
        boolean json = Arrays.asList(words).contains("--json");
        return new FailureReport(console, new Style(console.interactive()), json, false)
                .tell(Failure.of(
                        FailureKind.USAGE, firstLine(problem.getMessage()).replaceFirst("^Error: ", ""), hint));
    }

    private static String firstLine(String text) {
        return text.lines().findFirst().orElse("wrong usage");
    }
}
