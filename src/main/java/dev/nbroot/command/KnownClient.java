package dev.nbroot.command;

import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import dev.nbroot.state.ClientMode;
import dev.nbroot.state.ClientRecord;
import dev.nbroot.state.SharedTree;
import dev.nbroot.state.StateDirectory;
import dev.nbroot.state.StateFiles;
import dev.nbroot.system.MacAddress;
import dev.nbroot.system.StateLock;
import java.util.List;
import java.util.Optional;

/** Finds the client that a command is about. */
final class KnownClient {
    private KnownClient() {}

    private static ClientRecord shared(StateFiles files, String root) {
        return files.client(SharedTree.card(root)).orElseThrow(() -> {
            List<String> roots = files.clients().stream()
                    .filter(client -> client.mode() == ClientMode.SHARED)
                    .map(ClientRecord::root)
                    .toList();
            return Failure.of(
                    FailureKind.USAGE,
                    "there is no shared tree of a root named '" + root + "'",
                    roots.isEmpty()
                            ? "write boot.mode: shared in the profile, build it and stage it"
                            : "there are those of: " + String.join(", ", roots));
        });
    }

    /**
     * {@return a client that has a view of its own}
     *
     * @param mac any usual spelling
     * @throws Failure of kind {@code USAGE} when there is none with that card, or it keeps nothing on the server
     */
    static ClientRecord persistent(StateFiles files, String mac) {
        return requirePersistent(find(files, mac));
    }

    /**
     * {@return a client, or the shared tree of a root}
     *
     * @param mac any usual spelling, or what stands for a shared tree
     * @throws Failure of kind {@code USAGE} when there is none with that card
     */
    static ClientRecord find(StateFiles files, String mac) {
        Optional<String> root = SharedTree.meantBy(mac);
        if (root.isPresent()) {
            return shared(files, root.get());
        }
        MacAddress card = MacAddress.parse(mac);
        return files.client(card).orElseThrow(() -> {
            List<ClientRecord> all = files.clients();
            return Failure.of(
                    FailureKind.USAGE,
                    "there is no client " + card.colons(),
                    all.isEmpty()
                            ? "make it with: nbroot clone ROOT --mac " + card.colons()
                            : "the clients are: "
                                    + String.join(
                                            ", ",
                                            all.stream().map(KnownClient::named).toList()));
        });
    }

    /**
     * {@return a client that has a view of its own}
     *
     * @throws Failure of kind {@code USAGE} when it has none
     */
    static ClientRecord requirePersistent(ClientRecord client) {
        if (!client.mode().hasView()) {
            throw Failure.of(
                    FailureKind.USAGE,
                    named(client) + " is " + client.mode().word() + ": it has no view of its own on the server",
                    "such a machine is as its generation is after each boot");
        }
        return client;
    }

    /**
     * {@return the lock that whoever changes the client holds}
     *
     * @throws Failure of kind {@code LOCKED} when another nbroot has it
     */
    static StateLock lock(StateDirectory state, ClientRecord client) {
        return StateLock.take(
                state.lock("client-" + client.mac()), "client " + client.mac().colons());
    }

    /** {@return a client as it is told to people} */
    static String named(ClientRecord client) {
        return client.named();
    }
}
