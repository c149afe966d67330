package dev.nbroot.cli;

import dev.nbroot.command.CheckOutcome;
import dev.nbroot.report.FailureKind;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code nbroot check}. */
@Command(
        name = "check",
        description = "Judge a profile without building it: no root, no mirror, no network. Everything that is wrong is"
                + " told at once; what is only unwise is a warning.")
final class CheckCommand implements Callable<Integer> {
    private final CommandRunner runner;

    @Mixin
    private final ProfileArguments arguments = new ProfileArguments();

    CheckCommand(CommandRunner runner) {
        this.runner = runner;
    }

    @Override
    public Integer call() {
        return runner.judge(
                useCases -> useCases.checkProfile().run(arguments.request()),
                CheckCommand::remarks,
                CheckCommand::verdict,
                outcome -> outcome.ok() ? 0 : FailureKind.INVALID_INPUT.status());
    }

    private static String remarks(CheckOutcome outcome, Style style) {
        return Stream.concat(
                        outcome.errors().stream().map(error -> remark(style.failure("nbroot:"), error)),
                        outcome.warnings().stream().map(warning -> remark(style.warning("nbroot: warning:"), warning)))
                .collect(Collectors.joining("\n"));
    }

    private static String remark(String mark, CheckOutcome.Remark remark) {
        return mark + " " + remark.place() + ": " + remark.message()
                + (remark.hint().isEmpty() ? "" : "\n  try: " + remark.hint());
    }

    private static String verdict(CheckOutcome outcome) {
        if (!outcome.ok()) {
            return outcome.profile() + ": cannot be built: "
                    + count(outcome.errors().size(), "error");
        }
        int warnings = outcome.warnings().size();
        return outcome.profile() + ": fine" + (warnings == 0 ? "" : ", with " + count(warnings, "warning"));
    }

    private static String count(int number, String noun) {
        return number + " " + noun + (number == 1 ? "" : "s");
    }
}
