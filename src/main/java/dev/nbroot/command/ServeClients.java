package dev.nbroot.command;

import dev.nbroot.client.ClientViews;
import dev.nbroot.report.Event;
import dev.nbroot.report.Events;
import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import dev.nbroot.serve.BootServers;
import dev.nbroot.serve.BootWatch;
import dev.nbroot.serve.ExportChecks;
import dev.nbroot.serve.ExportRule;
import dev.nbroot.serve.HttpChoice;
import dev.nbroot.serve.RuleParser;
import dev.nbroot.serve.ServeSettings;
import dev.nbroot.serve.TftpChoices;
import dev.nbroot.serve.UseLog;
import dev.nbroot.serve.UseNotes;
import dev.nbroot.state.StageSettings;
import dev.nbroot.state.StateDirectory;
import dev.nbroot.system.Host;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** What {@code nbroot serve} does: everything a machine needs to boot, in this process, until it is told to end. */
public final class ServeClients {
    private static final int HIGHEST_PORT = 65_535;

    private final StateDirectory state;
    private final Host host;
    private final ClientViews views;
    private final BootServers.Ground ground;
    private final Function<Events, BootWatch> watch;

    /**
     * Serves the trees of one state directory.
     *
     * @param watch makes what keeps the boot tree in step with what machines install
     */
    public ServeClients(
            StateDirectory state,
            Host host,
            ClientViews views,
            BootServers.Ground ground,
            Function<Events, BootWatch> watch) {
        this.state = state;
        this.host = host;
        this.views = views;
        this.ground = ground;
        this.watch = watch;
    }

    /**
     * Serves until the thread is interrupted.
     *
     * @throws Failure of kind {@code HOST} when a port is taken or may not be bound, or without root's privileges;
     *     {@code USAGE} when the boot tree or the state directory does not exist, an address or port is none, or an
     *     export rule makes no sense
     */
    public void run(ServeRequest request) {
        ServeSettings settings = validate(request);
        request.tftp()
                .flatMap(tree -> new FollowedTree(state).caution(tree, request.address()))
                .ifPresent(text -> ground.events().on(new Event.Notice(Event.Level.WARNING, text)));
        Function<Events, UseLog> uses = events -> new UseNotes(state, events, Clock.systemUTC(), System::nanoTime);
        try (OwnTrees trees = new OwnTrees(views, state);
                BootServers servers = BootServers.start(settings, state, trees, ground, uses, watch)) {
            servers.serveUntilInterrupted();
        } catch (InterruptedException endOfService) {
            // The one way out: SIGINT or SIGTERM. The servers are closed by now.
            return;
        }
    }

    private ServeSettings validate(ServeRequest request) {
        InetAddress address = literal(request.address());
        request.tftp().ifPresent(ServeClients::requireTree);
        requirePort("--tftp-port", request.tftpPort());
        TftpChoices tftp = request.tftpOptions().choices();
        Optional<HttpChoice> http = http(request);
        requirePort("--nfs-port", request.nfsPort());
        requirePort("--portmap-port", request.portmapPort());
        if (request.nfsPort() == request.portmapPort() && request.nfsPort() != 0) {
            throw Failure.of(
                    FailureKind.USAGE, "--nfs-port and --portmap-port are the same", "give two different ports");
        }
        List<ExportRule> rules = RuleParser.parseAll(request.exports());
        ExportChecks checks = new ExportChecks(state, ground.posix());
        checks.directories(rules);
        host.requireRoot("serve roots: files are opened and written as the users of the machines");
        if (!Files.isDirectory(state.path())) {
            throw Failure.of(
                    FailureKind.USAGE,
                    "there is no state directory " + state.path(),
                    "build a root first, or say where it is with --state");
        }
        checks.namesAndHandles(rules);
        return new ServeSettings(
                address,
                request.tftp(),
                request.tftpPort(),
                tftp,
                http,
                request.nfsPort(),
                request.portmapPort(),
                rules);
    }

    private static Optional<HttpChoice> http(ServeRequest request) {
        if (request.httpPort().isEmpty()) {
            return Optional.of(new HttpChoice(StageSettings.STANDARD_HTTP_PORT, false));
        }
        int port = request.httpPort().getAsInt();
        if (port == ServeRequest.NO_HTTP) {
            return Optional.empty();
        }
        requirePort("--http-port", port);
        if (request.tftp().isEmpty()) {
            throw Failure.of(
                    FailureKind.USAGE,
                    "--http-port is of no use without a boot tree",
                    "give the directory that stage has written with --tftp");
        }
        return Optional.of(new HttpChoice(port, true));
    }

    private static void requirePort(String option, int port) {
        if (port < 0 || port > HIGHEST_PORT) {
            throw Failure.of(
                    FailureKind.USAGE, option + " " + port + " is no port", "give a number from 0 to " + HIGHEST_PORT);
        }
    }

    /** The neighbour table by which clients are told apart is that of IPv4, and so is klibc's nfsmount. */
    private static InetAddress literal(String text) {
        try {
            // Only numbers and dots: anything else would be looked up as a name.
            if (text.matches("[0-9]{1,3}(\\.[0-9]{1,3}){3}")) {
                return InetAddress.getByName(text);
            }
        } catch (UnknownHostException e) {
            throw noAddress(text);
        }
        throw noAddress(text);
    }

    private static Failure noAddress(String text) {
        return Failure.of(
                FailureKind.USAGE,
                "'" + text + "' is not an IPv4 address",
                "write an address of this host; they are listed by: ip -4 address");
    }

    private static void requireTree(Path tree) {
        if (!Files.isDirectory(tree)) {
            throw Failure.of(
                    FailureKind.USAGE,
                    "the boot tree " + tree + " does not exist",
                    "make it first: nbroot stage --tftp " + tree + " --server IP");
        }
    }
}
