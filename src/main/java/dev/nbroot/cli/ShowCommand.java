package dev.nbroot.cli;

import dev.nbroot.command.ProfileRequest;
import dev.nbroot.command.ShowOutcome;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code nbroot show}. */
@Command(
        name = "show",
        description = "Show a profile with everything it includes and all defaults, as one profile that could be built."
                + " It has the secrets that your files have.")
final class ShowCommand implements Callable<Integer> {
    private final CommandRunner runner;

    @Mixin
    private final ProfileArguments arguments = new ProfileArguments();

    @Option(
            names = "--origin",
            description = "Show each value with the file, line and column that set it; secrets as their SHA-256.")
    private boolean origin;

    ShowCommand(CommandRunner runner) {
        this.runner = runner;
    }

    @Override
    public Integer call() {
        return runner.run(
                useCases -> useCases.showProfile().run(arguments.request()),
                outcome -> origin ? new OriginTable(outcome.settings()).text() : yaml(arguments.request(), outcome),
                outcome -> data(outcome, origin));
    }

    private static String yaml(ProfileRequest request, ShowOutcome outcome) {
        return "# All of " + request.profile() + "; relative paths begin in its directory.\n"
                + outcome.yaml().stripTrailing();
    }

    private static Map<String, Object> data(ShowOutcome outcome, boolean origin) {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("name", outcome.name());
        if (origin) {
            data.put("settings", outcome.settings());
        } else {
            data.put("directory", outcome.directory());
            data.put("profile", outcome.profile());
        }
        return data;
    }
}
