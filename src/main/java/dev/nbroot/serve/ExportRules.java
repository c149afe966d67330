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

/** Applies the rules: the most exact grant whose audience has the caller decides; without one the caller is refused. */
final class ExportRules implements ExportPolicy {
    private static final int FIRST_FREE_PORT = 1024;

    private final StateDirectory state;
    private final ExportTable table;
    private final Machines machines;
    private final SilentViews silent;

    /** @param silent is told of each machine that uses its view, every few seconds */
    ExportRules(StateDirectory state, ExportTable table, Machines machines, SilentViews silent) {
        this.state = state;
        this.table = table;
        this.machines = machines;
        this.silent = silent;
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
            return unknown(caller, asked);
        }
        Optional<String> objection = objection(caller, entry.get());
        return objection.isPresent()
                ? new Decision.Refused(MountStatus.ACCESS, objection.get())
                : new Decision.Granted(seenBy(caller, entry.get().export()));
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
    public Export seenBy(InetSocketAddress caller, Export export) {
        return table.find(export.id())
                .flatMap(entry -> {
                    entry.client().ifPresent(client -> silent.used(export.id(), client, caller.getAddress()));
                    return grant(caller, entry);
                })
                .map(grant ->
                        export.as(grant.rights().writable(), grant.rights().squash()))
                .orElse(export.as(false, export.squash()));
    }

    @Override
    public List<Export> visible(InetSocketAddress caller) {
        return table.entries().stream()
                .filter(entry -> objection(caller, entry).isEmpty())
                .map(ExportTable.Entry::export)
                .toList();
    }

    private Optional<Grant> grant(InetSocketAddress caller, ExportTable.Entry entry) {
        return entry.grants().stream()
                .filter(grant -> grant.audience().has(caller.getAddress(), () -> machines.card(caller.getAddress())))
                .findFirst();
    }

    private Optional<String> objection(InetSocketAddress caller, ExportTable.Entry entry) {
        Optional<Grant> grant = grant(caller, entry);
        if (grant.isEmpty()) {
            return Optional.of(new Refusal(caller.getAddress(), machines).of(entry));
        }
        return grant.get().rights().reservedPort() && caller.getPort() >= FIRST_FREE_PORT
                ? Optional.of("the call comes from port " + caller.getPort() + ", and the rule "
                        + grant.get().rule() + " wants one below " + FIRST_FREE_PORT
                        + "; mount as root, or take 'secure' out of the rule")
                : Optional.empty();
    }

    /** Says why a path is not exported, in the words of what somebody may have meant by it. */
    private Decision unknown(InetSocketAddress caller, Path asked) {
        if (asked.startsWith(state.clients()) && !asked.equals(state.clients())) {
            Path below = state.clients().relativize(asked);
            return missing(clientProblem(below.getName(0).toString()));
        }
        if (asked.startsWith(state.roots())) {
            return missing("there is no such generation; this machine may mount " + exportedPaths(caller));
        }
        return new Decision.Refused(
                MountStatus.ACCESS,
                "it is not exported; this machine may mount " + exportedPaths(caller)
                        + "; a directory is exported with: nbroot serve --export DIRECTORY="
                        + caller.getAddress().getHostAddress());
    }

    private static Decision missing(String reason) {
        return new Decision.Refused(MountStatus.NO_SUCH_ENTRY, reason);
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

    private String exportedPaths(InetSocketAddress caller) {
        List<String> paths = visible(caller).stream().map(Export::path).toList();
        return paths.isEmpty() ? "nothing" : String.join(", ", paths);
    }
}
