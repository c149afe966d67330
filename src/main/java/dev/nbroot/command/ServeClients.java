package dev.nbroot.command;

import dev.nbroot.client.ClientViews;
import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import dev.nbroot.serve.BootServers;
import dev.nbroot.serve.ServeSettings;
import dev.nbroot.state.StateDirectory;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What {@code nbroot serve} does: everything a machine needs to boot, in this process, until it is told to end. */
public final class ServeClients {
    private final StateDirectory state;
    private final ClientViews views;
    private final BootServers.Ground ground;

    /** Serves the trees of one state directory. */
    public ServeClients(StateDirectory state, ClientViews views, BootServers.Ground ground) {
        this.state = state;
        this.views = views;
        this.ground = ground;
    }

    /**
     * Serves until the thread is interrupted.
     *
     * @throws Failure of kind {@code HOST} when a port is taken or may not be bound, {@code USAGE} when the boot tree
     *     does not exist or the address is none
     */
    public void run(ServeRequest request) {
        ServeSettings settings = validate(request);
        try (OwnTrees trees = new OwnTrees(views);
                BootServers servers = BootServers.start(settings, state, trees, ground)) {
            servers.serveUntilInterrupted();
        } catch (InterruptedException endOfService) {
            // The one way out: SIGINT or SIGTERM. The servers are closed by now.
            return;
        }
    }

    private static ServeSettings validate(ServeRequest request) {
        request.tftp().ifPresent(ServeClients::requireTree);
        return new ServeSettings(
                literal(request.address()),
                request.tftp(),
                request.tftpPort(),
                request.nfsPort(),
                request.portmapPort());
    }

    private static InetAddress literal(String text) {
        try {
            // Only digits, dots and colons: anything else would be looked up as a name.
            if (text.matches("[0-9.]+|[0-9a-fA-F:.%]*:[0-9a-fA-F:.%]*")) {
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
                "'" + text + "' is not an IP address",
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
