package dev.nbroot.command;

import dev.nbroot.client.KeptContents;
import dev.nbroot.report.Event;
import dev.nbroot.report.Events;
import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import dev.nbroot.state.ClientRecord;
import dev.nbroot.state.Generation;
import dev.nbroot.state.Generations;
import dev.nbroot.state.KeptDirectories;
import dev.nbroot.state.KeptDirectory;
import dev.nbroot.state.StateDirectory;
import dev.nbroot.state.StateFiles;
import dev.nbroot.system.StateLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Makes what stateless clients keep on the server, when it is not there. */
final class KeepDirectories {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final StateDirectory state;
    private final Generations generations;
    private final StateFiles files;
    private final KeptDirectories directories;
    private final KeptContents contents;

    KeepDirectories(StateDirectory state, KeptContents contents) {
        this.state = state;
        this.generations = new Generations(state);
        this.files = new StateFiles(state);
        this.directories = new KeptDirectories(state);
        this.contents = contents;
    }

    /**
     * Makes what clients will mount at their next boot, with what that generation has there. A client for which that does
     * not work is told, and keeps no other from booting: its machine waits until it is there.
     */
    void prepare(List<ClientRecord> clients, Events events) {
        for (ClientRecord client : clients) {
            if (!client.mode().hasView()) {
                try {
                    prepare(client, events);
                } catch (Failure failure) {
                    if (failure.kind() == FailureKind.INTERRUPTED) {
                        throw failure;
                    }
                    tell(
                            events,
                            Event.Level.WARNING,
                            "what " + KnownClient.named(client)
                                    + " keeps on the server cannot be made, and its machine will wait for it at boot: "
                                    + failure.getMessage() + "; when that is mended, run nbroot stage again");
                }
            }
        }
    }

    /** {@return what {@link #prepare} would make for a client} */
    List<KeptDirectory> missing(ClientRecord client) {
        return directories.missing(client, files.manifest(generations.bootedBy(client)));
    }

    private void prepare(ClientRecord client, Events events) {
        Path top = directories.top(client.mac());
        if (Files.exists(top) && !Files.isReadable(top)) {
            // Somebody who may only read the roots stages into a tree of his own: what is kept is not his affair.
            return;
        }
        Generation generation = generations.bootedBy(client);
        List<Path> wanted = KeptDirectories.wantedBy(files.manifest(generation));
        List<KeptDirectory> missing = missing(client);
        if (!missing.isEmpty()) {
            StateLock lock = StateLock.await(
                    state.lock("client-" + client.mac()),
                    "client " + client.mac().colons(),
                    PATIENCE);
            try {
                missing.forEach(kept -> contents.fill(kept, generation));
            } finally {
                lock.close();
            }
        }
        List<String> left = new ArrayList<>();
        for (KeptDirectory kept : directories.all(client.mac())) {
            if (!wanted.contains(kept.path())) {
                left.add(kept.path().toString());
            }
        }
        if (!left.isEmpty()) {
            tell(
                    events,
                    Event.Level.INFO,
                    generation.label() + " keeps " + String.join(", ", left) + " no more; what "
                            + KnownClient.named(client) + " had there stays in " + top
                            + " until nbroot reset --mac " + client.mac().colons() + " " + left.get(0));
        }
    }

    private static void tell(Events events, Event.Level level, String text) {
        events.on(new Event.Notice(level, text));
    }
}
