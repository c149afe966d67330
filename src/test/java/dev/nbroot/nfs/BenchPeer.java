package dev.nbroot.nfs;

import dev.nbroot.it.ServeOptions;
import dev.nbroot.system.Commands;
import dev.nbroot.system.Invocation;
import dev.nbroot.system.Namespaces;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** An NFS server as a process in the bench's namespaces, with its processor time and memory. */
final class BenchPeer implements AutoCloseable {
    private static final int OUR_PORT = 12049;

    private final String name;
    private final String query;
    private final Path process;
    private final Commands.Running running;

    private BenchPeer(Commands commands, Namespaces.Namespace namespace, String name, String query, List<String> argv)
            throws IOException, InterruptedException {
        this.name = name;
        this.query = query;
        List<String> shell = List.of("sh", "-c", "echo $$ >/run/" + name + ".number; exec \"$@\"", "sh");
        running = commands.start(
                namespace.inside(Invocation.of(argv).behind(shell)),
                line -> System.out.println("    " + name + ": " + line));
        Path number = namespace.path(Path.of("/run/" + name + ".number"));
        for (int i = 0; i < 100 && !(Files.exists(number) && Files.size(number) > 0); i++) {
            Thread.sleep(50);
        }
        process = namespace.path(Path.of("/proc/" + Files.readString(number).strip()));
    }

    /** Our server, with the options that the launcher gives {@code serve}. */
    static BenchPeer nbroot(Commands commands, Namespaces.Namespace namespace, List<String> exports)
            throws IOException, InterruptedException, URISyntaxException {
        List<String> argv = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        argv.addAll(ServeOptions.ofTheLauncher());
        argv.addAll(
                List.of(System.getProperty("nbroot.bench.jvm", "-Xshare:auto").split(" ")));
        argv.addAll(List.of("-XX:-UsePerfData", "--enable-native-access=ALL-UNNAMED", "-cp"));
        argv.add(place(NfsServer.class)
                + File.pathSeparator
                + place(BenchServer.class)
                + File.pathSeparator
                + place(com.sun.jna.Native.class));
        argv.addAll(List.of(BenchServer.class.getName(), "127.0.0.1", Integer.toString(OUR_PORT)));
        argv.addAll(exports);
        return new BenchPeer(commands, namespace, "nbroot", "?nfsport=" + OUR_PORT + "&mountport=" + OUR_PORT, argv);
    }

    private static String place(Class<?> type) throws URISyntaxException {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI())
                .toString();
    }

    /** nfs-ganesha with eight threads, with which it is quickest on two cores; with as many as it likes it is slower. */
    static BenchPeer ganesha(Commands commands, Namespaces.Namespace namespace, Path scratch, List<String> exports)
            throws IOException, InterruptedException {
        StringBuilder text = new StringBuilder("""
                NFS_CORE_PARAM { Protocols = 3; Enable_NLM = false; Enable_RQUOTA = false; RPC_Ioq_ThrdMax = 8; }
                EXPORT_DEFAULTS { Squash = No_Root_Squash; SecType = sys; }
                LOG { Default_Log_Level = CRIT; }
                """);
        for (int i = 0; i < exports.size(); i++) {
            String access = exports.get(i).startsWith("never:") ? "RO" : "RW";
            String path = exports.get(i).substring(exports.get(i).indexOf(':') + 1);
            text.append("EXPORT { Export_Id = %d; Path = %s; Pseudo = /%d; Protocols = 3; Access_Type = %s; "
                    .formatted(i + 1, path, i + 1, access));
            text.append("FSAL { Name = VFS; } }\n");
        }
        Path configuration = Files.writeString(scratch.resolve("ganesha.conf"), text);
        commands.start(namespace.inside(Invocation.of("rpcbind", "-f", "-w")), line -> {});
        Thread.sleep(500);
        List<String> argv = List.of(
                "ganesha.nfsd",
                "-F",
                "-f",
                configuration.toString(),
                "-L",
                scratch.resolve("ganesha.log").toString(),
                "-p",
                "/run/ganesha.pid");
        return new BenchPeer(commands, namespace, "ganesha", "", argv);
    }

    String name() {
        return name;
    }

    String url(Path export) {
        return "nfs://127.0.0.1" + export + query;
    }

    void awaitReady(Commands commands, Namespaces.Namespace namespace, Path export) throws InterruptedException {
        Integer[] any = java.util.stream.IntStream.range(0, 256).boxed().toArray(Integer[]::new);
        for (int i = 0; i < 100; i++) {
            Invocation list = Invocation.of("nfs-ls", url(export)).accepting(any);
            if (commands.run(namespace.inside(list)).status() == 0) {
                return;
            }
            Thread.sleep(200);
        }
        throw new AssertionError(name + " does not serve " + export);
    }

    /** {@return processor time of all its threads so far, in seconds (proc(5), clock ticks of 10 ms)} */
    double cpuSeconds() throws IOException {
        String stat = Files.readString(process.resolve("stat"));
        String[] words = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return (Long.parseLong(words[11]) + Long.parseLong(words[12])) / 100.0;
    }

    /** {@return its resident memory in MB} */
    long residentMegabytes() throws IOException {
        return Files.readAllLines(process.resolve("status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
                .findFirst()
                .orElseThrow();
    }

    @Override
    public void close() {
        running.close();
    }
}
