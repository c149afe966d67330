package dev.nbroot.nfs;

import dev.nbroot.nfs.export.Changes;
import dev.nbroot.nfs.export.Decision;
import dev.nbroot.nfs.export.Export;
import dev.nbroot.nfs.export.ExportPolicy;
import dev.nbroot.nfs.export.LinkCounts;
import dev.nbroot.nfs.export.MountStatus;
import dev.nbroot.nfs.export.NfsListener;
import dev.nbroot.nfs.export.Squash;
import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import dev.nbroot.system.Overlays;
import dev.nbroot.system.linux.LinuxOverlays;
import dev.nbroot.system.linux.LinuxPosixFiles;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Serves one directory to everybody, for tests, load clients and trying things by hand.
 *
 * <p>Arguments: address, NFS port, port mapper port (-1 for none), directory, {@code never|here|anywhere}; to serve an
 * overlay view under the directory's name, as {@code nbroot serve} opens it: the directory that has {@code lower/},
 * {@code upper/} and {@code work/}.
 */
public final class ServeDirectory {
    private static final byte[] SECRET = new byte[16];
    private static final int ATTEMPTS = 100;

    private ServeDirectory() {}

    /** Serves until killed. */
    public static void main(String[] args) throws Exception {
        Changes changes = switch (args[4]) {
            case "never" -> Changes.NEVER;
            case "here" -> Changes.HERE_ONLY;
            default -> Changes.ANYWHERE;
        };
        Path name = Path.of(args[3]);
        Export export = new Export(
                name.toString(),
                Export.idOf(name.toString()),
                args.length > 5 ? new View(Path.of(args[5])) : () -> name,
                changes != Changes.NEVER,
                Squash.NONE,
                changes);
        int port = Integer.parseInt(args[1]);
        NfsSettings settings = NfsSettings.usual(InetAddress.getByName(args[0]), SECRET)
                .withPorts(port, port, Integer.parseInt(args[2]));
        NfsServer server = new NfsServer(settings, new LinuxPosixFiles(), policy(export), listener(System.err));
        server.start();
        Runtime.getRuntime().addShutdownHook(new Thread(server::close));
        System.out.println("ready " + server.nfsPort());
        Thread.sleep(Long.MAX_VALUE);
    }

    private static final class View implements Export.Root {
        private final Overlays.View view;

        View(Path layers) throws InterruptedException {
            view = open(layers, ATTEMPTS);
        }

        /** The overlay of a server that was just killed is taken down a moment after its process is gone. */
        private static Overlays.View open(Path layers, int attempts) throws InterruptedException {
            try {
                return new LinuxOverlays()
                        .open(List.of(layers.resolve("lower")), layers.resolve("upper"), layers.resolve("work"));
            } catch (Failure failure) {
                if (failure.kind() != FailureKind.LOCKED || attempts == 1) {
                    throw failure;
                }
                Thread.sleep(100);
                return open(layers, attempts - 1);
            }
        }

        @Override
        public Path open() {
            return view.path();
        }

        @Override
        public Optional<LinkCounts> links() {
            return Optional.of(view::links);
        }
    }

    /** {@return a policy that grants exports, and what lies below them, to everybody} */
    static ExportPolicy policy(Export... exports) {
        return new ExportPolicy() {
            @Override
            public Decision decide(InetSocketAddress caller, String path) {
                for (Export export : exports) {
                    if (path.equals(export.path()) || path.startsWith(export.path() + "/")) {
                        return new Decision.Granted(export);
                    }
                }
                return new Decision.Refused(MountStatus.ACCESS, "not exported");
            }

            @Override
            public Optional<Export> find(long id) {
                return Arrays.stream(exports)
                        .filter(export -> export.id() == id)
                        .findFirst();
            }

            @Override
            public Optional<String> objection(InetSocketAddress caller, Export asked) {
                return Optional.empty();
            }

            @Override
            public List<Export> visible(InetSocketAddress caller) {
                return List.of(exports);
            }
        };
    }

    /** {@return a listener that prints} */
    static NfsListener listener(PrintStream to) {
        return new NfsListener() {
            @Override
            public void mounted(InetSocketAddress who, String path, Export export) {
                to.println("mounted " + who + " " + path);
            }

            @Override
            public void unmounted(InetSocketAddress who, String path) {
                to.println("unmounted " + who + " " + path);
            }

            @Override
            public void refused(InetSocketAddress who, String what, String path, String reason) {
                to.println("refused " + who + " " + what + " " + path + ": " + reason);
            }

            @Override
            public void failed(String doing, Throwable cause) {
                to.println("failed " + doing);
                cause.printStackTrace(to);
            }
        };
    }
}
