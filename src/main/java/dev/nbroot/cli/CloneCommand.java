package dev.nbroot.cli;

import dev.nbroot.command.CloneOutcome;
import dev.nbroot.command.CloneRequest;
import dev.nbroot.state.ClientMode;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code nbroot clone}. */
@Command(
        name = "clone",
        description = "Bind a machine to a root: its own identity, and its own writable view that costs nothing.")
final class CloneCommand implements Callable<Integer> {
    private final CommandRunner runner;

    @Parameters(paramLabel = "NAME", description = "The root.")
    private String root;

    @Option(
            names = "--mac",
            required = true,
            paramLabel = "MAC",
            description = "The machine's network card, as in 52:54:00:12:34:56.")
    private String mac;

    @Option(
            names = "--hostname",
            paramLabel = "H",
            description = "The machine's name (default: NAME and the end of the MAC).")
    private String hostname;

    @Option(
            names = "--address",
            paramLabel = "IP[/PREFIX]",
            description = "The machine's address; with a prefix length it does not ask DHCP for it.")
    private String address;

    @Option(
            names = "--mode",
            paramLabel = "MODE",
            defaultValue = "persistent",
            description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    private Mode mode;

    /** The modes as words of the command line. */
    enum Mode {
        persistent(ClientMode.PERSISTENT),
        stateless(ClientMode.STATELESS),
        toram(ClientMode.TORAM);

        private final ClientMode value;

        Mode(ClientMode value) {
            this.value = value;
        }
    }

    /** The outcome as scripts see it. */
    record View(
            String mac,
            String name,
            int generation,
            String mode,
            Path path,
            String hostname,
            Optional<String> address,
            List<String> hostKeys,
            double seconds) {
        static View of(CloneOutcome outcome) {
            return new View(
                    outcome.client().mac().colons(),
                    outcome.client().root(),
                    outcome.client().generation(),
                    outcome.client().mode().word(),
                    outcome.path(),
                    outcome.client().hostname(),
                    outcome.client().address(),
                    outcome.hostKeys(),
                    outcome.took().toMillis() / 1000.0);
        }
    }

    CloneCommand(CommandRunner runner) {
        this.runner = runner;
    }

    @Override
    public Integer call() {
        CloneRequest request =
                new CloneRequest(root, mac, Optional.ofNullable(hostname), Optional.ofNullable(address), mode.value);
        return runner.run(
                useCases -> useCases.cloneClient().run(request),
                outcome -> outcome.path().toString(),
                View::of);
    }
}
