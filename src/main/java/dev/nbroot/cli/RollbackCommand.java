package dev.nbroot.cli;

import dev.nbroot.command.RollbackOutcome;
import dev.nbroot.command.RollbackRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code nbroot rollback}. */
@Command(
        name = "rollback",
        description =
                "Make an earlier (or any other) generation of a root the current one. Machines get it when they"
                        + " boot next; those that run keep what they have, and persistent clients stay where their files lie over.")
final class RollbackCommand implements Callable<Integer> {
    private final CommandRunner runner;

    @Parameters(index = "0", paramLabel = "NAME", description = "The root.")
    private String root;

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "GEN",
            description = "The generation's number (default: the one before the current one).")
    private String generation;

    RollbackCommand(CommandRunner runner) {
        this.runner = runner;
    }

    @Override
    public Integer call() {
        RollbackRequest request = new RollbackRequest(root, Optional.ofNullable(generation));
        return runner.run(useCases -> useCases.rollBack().run(request), RollbackCommand::text, outcome -> outcome);
    }

    private static String text(RollbackOutcome outcome) {
        String label = outcome.name() + "/" + outcome.generation();
        List<String> lines = new ArrayList<>();
        boolean same = outcome.from().equals(Optional.of(outcome.generation()));
        lines.add(label + (same ? " is current already" : " is current now" + instead(outcome)) + staged(outcome));
        for (RollbackOutcome.NextBoot client : outcome.clients()) {
            String who = client.hostname() + " (" + client.mac() + ") ";
            lines.add(
                    client.moves()
                            ? who + "gets " + label + " when it boots next"
                            : who + "stays on " + outcome.name() + "/" + client.generation()
                                    + ", because its own files lie over that; nbroot rebase "
                                    + (client.mode().equals("shared")
                                            ? "--shared " + outcome.name()
                                            : "--mac " + client.mac())
                                    + " moves it");
        }
        return String.join("\n", lines);
    }

    private static String instead(RollbackOutcome outcome) {
        return outcome.from()
                .map(from -> " instead of " + outcome.name() + "/" + from)
                .orElse("");
    }

    private static String staged(RollbackOutcome outcome) {
        return outcome.tftp().map(tree -> ", staged in " + tree).orElse("; no boot tree was ever staged");
    }
}
