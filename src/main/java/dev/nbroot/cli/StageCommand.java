package dev.nbroot.cli;

import dev.nbroot.command.StageOutcome;
import dev.nbroot.command.StageRequest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code nbroot stage}. */
@Command(
        name = "stage",
        description = "Write the boot tree: boot loader, kernels, initrds and a configuration for each machine.")
final class StageCommand implements Callable<Integer> {
    private final CommandRunner runner;

    @Parameters(arity = "0..*", paramLabel = "NAME", description = "The roots to stage (default: all).")
    private List<String> roots = new ArrayList<>();

    @Option(names = "--tftp", required = true, paramLabel = "DIR", description = "The boot tree.")
    private Path tftp;

    @Option(
            names = "--server",
            required = true,
            paramLabel = "IP",
            description = "The address by which machines reach this server.")
    private String server;

    @Option(
            names = "--default",
            paramLabel = "NAME",
            description = "The root for machines that nobody cloned (default: the first one).")
    private String defaultRoot;

    @Option(
            names = "--nfs-port",
            paramLabel = "N",
            defaultValue = "2049",
            description = "The port that serve will use (default: ${DEFAULT-VALUE}).")
    private int nfsPort;

    @Option(
            names = "--http-port",
            paramLabel = "N|off",
            defaultValue = "80",
            converter = HttpPort.Converter.class,
            description = "Where machines fetch images that they hold in memory (default: ${DEFAULT-VALUE});"
                    + " off: by TFTP only.")
    private HttpPort httpPort;

    @Option(names = "--dry-run", description = "Say what would be written, and write nothing.")
    private boolean dryRun;

    StageCommand(CommandRunner runner) {
        this.runner = runner;
    }

    @Override
    public Integer call() {
        StageRequest request = new StageRequest(
                roots, tftp, server, Optional.ofNullable(defaultRoot), nfsPort, httpPort.number(), dryRun);
        return runner.run(useCases -> useCases.stageBootTree().run(request), StageCommand::text, StageView::of);
    }

    private static String text(StageOutcome outcome) {
        return outcome.dryRun()
                ? String.join("\n", outcome.describe())
                : outcome.tftp().toString();
    }
}
