package dev.nbroot.cli;

import dev.nbroot.command.SchemaOutcome;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code nbroot schema}. */
@Command(
        name = "schema",
        description = "Print the JSON Schema of profiles, by which editors complete keys and mark mistakes.")
final class SchemaCommand implements Callable<Integer> {
    private final CommandRunner runner;

    @Option(
            names = "--part",
            description = "The schema of the parts that profiles include: nothing in them is required.")
    private boolean part;

    SchemaCommand(CommandRunner runner) {
        this.runner = runner;
    }

    @Override
    public Integer call() {
        return runner.run(useCases -> useCases.describeProfiles().run(part), SchemaOutcome::text, SchemaOutcome::tree);
    }
}
