package dev.nbroot.nfs;

import dev.nbroot.nfs.export.Changes;
import dev.nbroot.nfs.export.Decision;
import dev.nbroot.nfs.export.Export;
import dev.nbroot.nfs.export.ExportPolicy;
import dev.nbroot.nfs.export.MountStatus;
import dev.nbroot.nfs.export.NfsListener;
import dev.nbroot.nfs.export.Squash;
import dev.nbroot.system.linux.LinuxPosixFiles;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Our server in a process of its own, so that its processor time and memory can be told from the load's. Serves until
 * killed.
 *
 * <p>Arguments: address, port of NFS and MOUNT, then {@code never:DIRECTORY} or {@code here:DIRECTORY} for each export.
 */
final class BenchServer implements ExportPolicy, NfsListener {
    private final List<Export> exports;

    private BenchServer(List<Export> exports) {
        this.exports = exports;
    }

    public static void main(String[] args) throws Exception {
        List<Export> exports =
                Arrays.stream(args).skip(2).map(BenchServer::export).toList();
        int port = Integer.parseInt(args[1]);
        NfsSettings settings =
                NfsSettings.usual(InetAddress.getByName(args[0]), new byte[16]).withPorts(port, port, -1);
        BenchServer both = new BenchServer(exports);
        try (NfsServer server = new NfsServer(settings, new LinuxPosixFiles(), both, both)) {
            server.start();
            Thread.sleep(Long.MAX_VALUE);
        }
    }

    private static Export export(String argument) {
        int colon = argument.indexOf(':');
        String path = argument.substring(colon + 1);
        Changes changes = argument.startsWith("never:") ? Changes.NEVER : Changes.HERE_ONLY;
        return new Export(path, Export.idOf(path), () -> Path.of(path), changes != Changes.NEVER, Squash.NONE, changes);
    }

    @Override
    public Decision decide(InetSocketAddress caller, String path) {
        return exports.stream()
                .filter(export -> path.equals(export.path()))
                .findFirst()
                .<Decision>map(Decision.Granted::new)
                .orElseGet(() -> new Decision.Refused(MountStatus.ACCESS, "not exported"));
    }

    @Override
    public Optional<Export> find(long id) {
        return exports.stream().filter(export -> export.id() == id).findFirst();
    }

    @Override
    public Optional<String> objection(InetSocketAddress caller, Export export) {
        return Optional.empty();
    }

    @Override
    public List<Export> visible(InetSocketAddress caller) {
        return exports;
    }

    @Override
    public void mounted(InetSocketAddress who, String path, Export export) {}

    @Override
    public void unmounted(InetSocketAddress who, String path) {}

    @Override
    public void refused(InetSocketAddress who, String what, String path, String reason) {
        System.err.println("refused " + what + " " + path + ": " + reason);
    }

    @Override
    public void failed(String doing, Throwable cause) {
        System.err.println(doing);
        cause.printStackTrace();
    }
}
