package dev.nbroot.cli;

import dev.nbroot.command.StageOutcome;
import dev.nbroot.state.ClientRecord;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The outcome of {@code stage} as scripts see it. */
record StageView(
        Path tftp,
        String server,
        boolean dryRun,
        List<StageOutcome.Entry> entries,
        List<ClientView> clients,
        List<Path> written) {
    record ClientView(String mac, String name, int generation, String hostname, String mode, String kernel) {
        static ClientView of(ClientRecord client, List<StageOutcome.Entry> entries) {
            return new ClientView(
                    client.mac().colons(),
                    client.root(),
                    client.generation(),
                    client.hostname(),
                    client.mode().word(),
                    entries.stream()
                            .filter(entry -> entry.machine()
                                    .equals(Optional.of(client.mac().colons())))
                            .map(StageOutcome.Entry::version)
                            .findFirst()
                            .orElse(""));
        }
    }

    static StageView of(StageOutcome outcome) {
        return new StageView(
                outcome.tftp(),
                outcome.server(),
                outcome.dryRun(),
                outcome.entries(),
                outcome.clients().stream()
                        .map(client -> ClientView.of(client, outcome.entries()))
                        .toList(),
                outcome.written());
    }
}
