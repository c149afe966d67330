package dev.nbroot.cli;

import dev.nbroot.command.ClientsOutcome;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code nbroot clients}. */
@Command(
        name = "clients",
        description = "List the clients: what each boots next, what its own files take, and when it called last.")
final class ClientsCommand implements Callable<Integer> {
    private static final List<String> HEADER =
            List.of("MAC", "HOSTNAME", "BOOTS NEXT", "KERNEL", "MODE", "ADDRESS", "OWN FILES", "SEEN");

    private final CommandRunner runner;

    ClientsCommand(CommandRunner runner) {
        this.runner = runner;
    }

    @Override
    public Integer call() {
        return runner.run(useCases -> useCases.listClients().run(), ClientsCommand::text, ClientsOutcome::clients);
    }

    static String text(ClientsOutcome outcome) {
        return outcome.clients().isEmpty()
                ? "no clients"
                : new TextTable(
                                HEADER,
                                outcome.clients().stream()
                                        .map(ClientsCommand::row)
                                        .toList())
                        .text();
    }

    private static List<String> row(ClientsOutcome.Client client) {
        return List.of(
                client.mac(),
                client.hostname(),
                client.root() + "/" + client.generation().map(String::valueOf).orElse("?"),
                client.kernel()
                        .map(version -> client.own() ? version + ", own" : version)
                        .orElse("-"),
                client.mode(),
                client.address().orElse("-"),
                client.delta().map(Amounts::bytes).orElse("-"),
                seen(client));
    }

    private static String seen(ClientsOutcome.Client client) {
        if (client.silence().isEmpty()) {
            return "never";
        }
        String ago = Ago.text(client.silence().get());
        return client.running().equals(client.generation())
                ? ago
                : ago + ", with " + client.root() + "/"
                        + client.running().map(String::valueOf).orElse("?");
    }
}
