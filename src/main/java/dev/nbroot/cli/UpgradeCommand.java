package dev.nbroot.cli;

import dev.nbroot.command.UpkeepOutcome;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code nbroot upgrade}. */
@Command(
        name = "upgrade",
        description =
                "Make the next generation of a root: its current one with the packages that the archives have now.")
final class UpgradeCommand implements Callable<Integer> {
    private final CommandRunner runner;

    @Parameters(paramLabel = "NAME", description = "The root.")
    private String root;

    UpgradeCommand(CommandRunner runner) {
        this.runner = runner;
    }

    @Override
    public Integer call() {
        return runner.run(useCases -> useCases.upgradeRoot().run(root), UpkeepOutcome::text, UpkeepView::of);
    }
}
