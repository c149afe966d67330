package dev.nbroot.command;

import dev.nbroot.report.Event;
import dev.nbroot.report.Events;
import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import dev.nbroot.state.ClientRecord;
import dev.nbroot.state.StateFiles;
import dev.nbroot.state.Use;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The clients as commands list them: one damaged file hides no other client. */
final class ClientList {
    private ClientList() {}

    /** {@return the clients whose files can be understood; the others are told} */
    static List<ClientRecord> readable(StateFiles files, Events events) {
        List<ClientRecord> clients = new ArrayList<>();
        for (Path file : files.clientFiles()) {
            try {
                clients.add(files.client(file));
            } catch (Failure failure) {
                if (failure.kind() == FailureKind.HOST) {
                    throw failure;
                }
                events.on(new Event.Notice(Event.Level.WARNING, failure.getMessage()));
            }
        }
        return clients;
    }

    /** {@return whether it was this client: by its card, or where that was not known by its own address} */
    static boolean isBy(Use use, ClientRecord client) {
        return use.card()
                .map(client.mac()::equals)
                .orElseGet(() -> client.address().filter(use.address()::equals).isPresent());
    }

    /** {@return for how long it has not called; nothing when the clock was set back since} */
    static Duration silence(Use use, Instant now) {
        Duration silence = Duration.between(use.seen(), now);
        return silence.isNegative() ? Duration.ZERO : silence;
    }
}
