package dev.nbroot.serve;

import dev.nbroot.nfs.export.Decision;
import dev.nbroot.nfs.export.Export;
import dev.nbroot.nfs.export.ExportPolicy;
import dev.nbroot.nfs.export.MountStatus;
import dev.nbroot.state.ClientMode;
import dev.nbroot.state.ClientRecord;
import dev.nbroot.state.StateDirectory;
import dev.nbroot.system.MacAddress;
import java.net.InetSocketAddress;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Who may use which tree: everybody may read every generation; a persistent client's view belongs to the machine with
 * the client's network card alone.
 */
final class ExportRules implements ExportPolicy {
    private final StateDirectory state;
    private final ExportTable table;
    private final Machines machines;

    ExportRules(StateDirectory state, ExportTable table, Machines machines) {
        this.state = state;
        this.table = table;
        this.machines = machines;
    }

    @Override
    public Decision decide(InetSocketAddress caller, String path) {
        Path asked;
        try {
            asked = Path.of(path);
        } catch (InvalidPathException e) {
            return new Decision.Refused(MountStatus.INVALID, "this cannot be a path: " + e.getReason());
        }
        Optional<ExportTable.Entry> entry = table.entries().stream()
                .filter(candidate -> asked.startsWith(candidate.export().path()))
                .findFirst();
        if (entry.isEmpty()) {
            return new Decision.Refused(MountStatus.ACCESS, unknown(asked));
        }
        Optional<String> objection = objection(caller, entry.get());
        return objection.isPresent()
                ? new Decision.Refused(MountStatus.ACCESS, objection.get())
                : new Decision.Granted(entry.get().export());
    }

    @Override
    public Optional<Export> find(long id) {
        return table.find(id).map(ExportTable.Entry::export);
    }

    @Override
    public Optional<String> objection(InetSocketAddress caller, Export export) {
        return table.find(export.id())
                .map(entry -> objection(caller, entry))
                .orElse(Optional.of("it is not exported any more"));
    }

    @Override
    public List<Export> visible(InetSocketAddress caller) {
        return table.entries().stream()
                .filter(entry -> objection(caller, entry).isEmpty())
                .map(ExportTable.Entry::export)
                .toList();
    }

    private Optional<String> objection(InetSocketAddress caller, ExportTable.Entry entry) {
        if (entry.client().isEmpty()) {
            return Optional.empty();
        }
        ClientRecord owner = entry.client().get();
        Optional<MacAddress> card = machines.card(caller.getAddress());
        if (card.isPresent() && card.get().equals(owner.mac())) {
            return Optional.empty();
        }
        String who = card.map(mac -> "the caller has " + mac.colons())
                .orElse("the caller's card is unknown, so it is not on this network segment");
        return Optional.of("this view belongs to the machine with the card "
                + owner.mac().colons() + " (" + owner.hostname() + "), but " + who);
    }

    /** Says why a path is not exported, in the words of what somebody may have meant by it. */
    private String unknown(Path asked) {
        if (asked.startsWith(state.clients())) {
            Path below = state.clients().relativize(asked);
            return clientProblem(below.getName(0).toString());
        }
        if (asked.startsWith(state.roots())) {
            return "there is no such generation; exported are " + exportedPaths();
        }
        return "it is not in the state directory " + state.path() + "; exported are " + exportedPaths();
    }

    private String clientProblem(String directory) {
        Optional<ClientRecord> client = directory.matches("[0-9a-f]{2}(-[0-9a-f]{2}){5}")
                ? machines.client(new MacAddress(directory))
                : Optional.empty();
        if (client.isEmpty()) {
            return "there is no client " + directory + "; make it with: nbroot clone ROOT --mac " + directory;
        }
        return client.get().mode() == ClientMode.PERSISTENT
                ? "only the directory root of that client is exported"
                : "the client is " + client.get().mode().word()
                        + ": it boots its generation, stage the boot tree again";
    }

    private String exportedPaths() {
        List<String> paths = table.entries().stream()
                .filter(entry -> entry.client().isEmpty())
                .map(entry -> entry.export().path())
                .toList();
        return paths.isEmpty() ? "no roots yet" : String.join(", ", paths);
    }
}
