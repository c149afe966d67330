package dev.nbroot.serve;

import dev.nbroot.nfs.export.Decision;
import dev.nbroot.nfs.export.Export;
import dev.nbroot.nfs.export.ExportPolicy;
import dev.nbroot.nfs.export.MountStatus;
import dev.nbroot.state.ClientMode;
import dev.nbroot.state.ClientRecord;
import dev.nbroot.state.SharedHolder;
import dev.nbroot.state.StateDirectory;
import dev.nbroot.system.MacAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/** Applies the rules: the most exact grant whose audience has the caller decides; without one the caller is refused. */
final class ExportRules implements ExportPolicy {
    private static final int FIRST_FREE_PORT = 1024;
    private static final String DROPPED = "the generation has just been dropped";

    private final StateDirectory state;
    private final ExportTable table;
    private final Machines machines;
    private final UseLog uses;
    private final SilentViews silent;
    private final SharedTrees shared;

    /**
     * Applies them.
     *
     * @param uses is told which machine uses which generation
     * @param silent is told of each machine that uses its view, every few seconds
     */
    ExportRules(StateDirectory state, ExportTable table, Machines machines, UseLog uses, SilentViews silent) {
        this.state = state;
        this.table = table;
        this.machines = machines;
        this.uses = uses;
        this.silent = silent;
        this.shared = new SharedTrees(state, table.lasting(), machines, Clock.systemUTC(), System::nanoTime);
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
        Optional<String> objection = objection(caller, entry.get()).or(() -> claim(caller, entry.get()));
        if (objection.isPresent()) {
            return new Decision.Refused(MountStatus.ACCESS, objection.get());
        }
        return isThere(caller, entry.get())
                ? new Decision.Granted(seenBy(caller, entry.get().export()))
                : new Decision.Refused(MountStatus.NO_SUCH_ENTRY, DROPPED);
    }

    @Override
    public Optional<Export> find(long id) {
        return table.find(id).map(ExportTable.Entry::export);
    }

    @Override
    public Optional<String> objection(InetSocketAddress caller, Export export) {
        Optional<ExportTable.Entry> entry = table.find(export.id());
        if (entry.isEmpty()) {
            return Optional.of("it is not exported any more");
        }
        Optional<String> objection = objection(caller, entry.get()).or(() -> claim(caller, entry.get()));
        return objection.isPresent() || isThere(caller, entry.get()) ? objection : Optional.of(DROPPED);
    }

    /** A shared tree becomes the caller's, unless another machine has it. {@return why it does not} */
    private Optional<String> claim(InetSocketAddress caller, ExportTable.Entry entry) {
        Optional<ClientRecord> tree = entry.client().filter(client -> client.mode() == ClientMode.SHARED);
        Optional<SharedHolder> other = tree.flatMap(one -> shared.claim(one, caller.getAddress()));
        // One that was noted by an earlier server, and has not called this one, may be off too.
        other.flatMap(ExportRules::caller)
                .ifPresent(holder -> silent.watch(entry.export().id(), tree.get(), holder));
        return other.map(holder -> held(tree.get(), holder));
    }

    private static Optional<Caller> caller(SharedHolder holder) {
        try {
            // Numbers and dots, which are not looked up.
            return Optional.of(new Caller(InetAddress.getByName(holder.address()), holder.card()));
        } catch (UnknownHostException e) {
            return Optional.empty();
        }
    }

    private String held(ClientRecord tree, SharedHolder holder) {
        return "the shared tree of " + tree.root() + " is for one machine at a time, and " + holder
                + " has it; switch that one off, and about a minute later another one can boot, or, when it cannot be"
                + " using the tree, delete " + state.holder(tree.mac());
    }

    /** A machine is off: what is for one machine at a time is free again. */
    void released(ClientRecord client, long decidedNanos) {
        if (client.mode() == ClientMode.SHARED) {
            shared.release(client, decidedNanos);
        }
    }

    /** Notes that the caller uses the generation. {@return whether it was not dropped at this very moment} */
    private boolean isThere(InetSocketAddress caller, ExportTable.Entry entry) {
        InetAddress address = caller.getAddress();
        return entry.generation().isEmpty()
                || uses.note(
                        address,
                        () -> machines.card(address),
                        entry.generation().get());
    }

    @Override
    public Export seenBy(InetSocketAddress caller, Export export) {
        Optional<ExportTable.Entry> entry = table.find(export.id());
        entry.flatMap(ExportTable.Entry::client)
                .ifPresent(client -> silent.used(
                        export.id(), client, new Caller(caller.getAddress(), machines.card(caller.getAddress()))));
        Export seen = entry.flatMap(one -> grant(caller, one))
                .map(grant ->
                        export.as(grant.rights().writable(), grant.rights().squash()))
                .orElse(export.as(false, export.squash()));
        return entry.isPresent() && isDurable(caller, entry.get()) ? seen.onDisk() : seen;
    }

    /** Whoever asked for it gets it, also the owner of a view, whose rights are not a rule's. */
    private boolean isDurable(InetSocketAddress caller, ExportTable.Entry entry) {
        return entry.grants().stream().anyMatch(grant -> grant.rights().durable() && isFor(grant, caller));
    }

    private boolean isFor(Grant grant, InetSocketAddress caller) {
        return grant.audience().has(caller.getAddress(), () -> machines.card(caller.getAddress()));
    }

    @Override
    public List<Export> visible(InetSocketAddress caller) {
        return table.entries().stream()
                .filter(entry -> objection(caller, entry).isEmpty())
                .map(ExportTable.Entry::export)
                .toList();
    }

    private Optional<Grant> grant(InetSocketAddress caller, ExportTable.Entry entry) {
        return entry.grants().stream().filter(grant -> isFor(grant, caller)).findFirst();
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
                        + ": it boots its generation, and there is no such directory that it keeps; stage the boot tree"
                        + " again";
    }

    private String exportedPaths(InetSocketAddress caller) {
        List<String> paths = visible(caller).stream().map(Export::path).toList();
        return paths.isEmpty() ? "nothing" : String.join(", ", paths);
    }
}
