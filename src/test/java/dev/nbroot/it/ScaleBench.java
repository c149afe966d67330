package dev.nbroot.it;

import dev.nbroot.nfs.BusyMachine;
import dev.nbroot.report.Events;
import dev.nbroot.state.StateDirectory;
import dev.nbroot.system.Commands;
import dev.nbroot.system.Invocation;
import dev.nbroot.system.MacAddress;
import dev.nbroot.system.TreeRemoval;
import dev.nbroot.system.linux.LinuxCommands;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Many clients of one root: what each costs in time and on disk, beside a copy of the tree and a copy of hard links, and
 * what {@code nbroot serve} takes when all of them are mounted and at work. Asserts nothing about time.
 *
 * <p>{@code -Dnbroot.bench.clients=N} makes so many, {@code -Dnbroot.bench.seconds=S} lets them work for so long.
 */
class ScaleBench {
    private static final int CLIENTS = Integer.getInteger("nbroot.bench.clients", 100);
    private static final int SECONDS = Integer.getInteger("nbroot.bench.seconds", 20);
    private static final int COPIES = 3;
    private static final int THREADS = 10;
    /** Of proc_pid_stat(5), counted from behind the program's name. */
    private static final int CHILDREN_USER = 13;

    private static final int CHILDREN_SYSTEM = 14;
    private static final double TICKS_PER_SECOND = 100;

    private final Commands commands = new LinuxCommands(Events.none());
    private final Path scratch = Path.of("target/it/scale").toAbsolutePath();
    private BuiltRoots roots;

    @BeforeEach
    void prepare() throws IOException {
        Needs.root();
        Needs.programs("debootstrap", "ssh-keygen", "du", "cp");
        TreeRemoval.remove(scratch);
        roots = BuiltRoots.with("bookworm");
        Files.createDirectories(scratch);
    }

    @AfterEach
    void clean() {
        TreeRemoval.remove(scratch);
        if (roots != null) {
            TreeRemoval.remove(state().clients());
        }
    }

    private StateDirectory state() {
        return new StateDirectory(roots.program().state());
    }

    private static MacAddress mac(int client) {
        return MacAddress.parse("52:54:00:77:%02x:%02x".formatted(client / 256, client % 256));
    }

    private static String address(int client) {
        return "127.1.%d.%d".formatted(client / 250, client % 250 + 1);
    }

    @Test
    void manyClientsOfOneRoot() throws Exception {
        roots.program().run("stage", "--tftp", scratch.resolve("tftp").toString(), "--server", "10.77.0.1");
        print("| one of %d | s, first ten | s, last ten | s, all | CPU s each | MB on disk | inodes |", CLIENTS);
        print("|---|---|---|---|---|---|---|");
        clones();
        copies("cp -a", "-a");
        copies("cp -al", "-al");
        serve();
    }

    private void clones() throws IOException {
        List<Double> seconds = new ArrayList<>();
        double cpu = cpuOfCommands();
        for (int i = 0; i < CLIENTS; i++) {
            long begin = System.nanoTime();
            roots.program().run("clone", "bookworm", "--mac", mac(i).colons(), "--hostname", "node" + i);
            seconds.add(since(begin));
        }
        row(
                "nbroot clone",
                seconds,
                cpuOfCommands() - cpu,
                kilobytes(state().clients()) / 1000.0 / CLIENTS,
                (double) names(state().clients()) / CLIENTS);
    }

    private void copies(String title, String how) throws IOException {
        List<Double> seconds = new ArrayList<>();
        List<Path> made = new ArrayList<>();
        commands.run(Invocation.of("sync"));
        long before = kilobytes(roots.tree("bookworm"));
        double cpu = cpuOfCommands();
        for (int i = 0; i < COPIES; i++) {
            Path copy = scratch.resolve("copy-" + i);
            long begin = System.nanoTime();
            commands.run(Invocation.of("cp", how, roots.tree("bookworm").toString(), copy.toString())
                    .within(Duration.ofMinutes(10)));
            seconds.add(since(begin));
            made.add(copy);
        }
        cpu = cpuOfCommands() - cpu;
        // du counts a file with several names once: what the copies add is what they take beside the tree.
        long together = kilobytes(
                Stream.concat(Stream.of(roots.tree("bookworm")), made.stream()).toArray(Path[]::new));
        long names = names(made.get(0));
        long directories = Long.parseLong(commands.run(Invocation.of(
                        "sh",
                        "-c",
                        "find \"$1\" -type d | wc -l",
                        "sh",
                        made.get(0).toString()))
                .text()
                .strip());
        row(title, seconds, cpu, (together - before) / 1000.0 / COPIES, how.equals("-al") ? directories : names);
        made.forEach(TreeRemoval::remove);
    }

    private static void row(String title, List<Double> seconds, double cpu, double megabytes, double inodes) {
        int few = Math.min(10, seconds.size());
        print(
                "| %s | %.2f | %.2f | %.0f | %.2f | %.2f | %.0f |",
                title,
                median(seconds.subList(0, few)),
                median(seconds.subList(seconds.size() - few, seconds.size())),
                seconds.stream().mapToDouble(each -> each).average().orElseThrow() * CLIENTS,
                cpu / seconds.size(),
                megabytes,
                inodes);
    }

    /** Each client has an address of its own on the loopback network, whose neighbours nobody knows: so rules say whose it is. */
    private void serve() throws Exception {
        int port = freePort();
        List<String> words = new ArrayList<>(List.of(
                "serve",
                "--address",
                "127.0.0.1",
                "--nfs-port",
                Integer.toString(port),
                "--portmap-port",
                Integer.toString(freePort())));
        for (int i = 0; i < CLIENTS; i++) {
            words.addAll(List.of("--export", mac(i).colons() + "=" + address(i) + ",rw"));
        }
        try (ServeProcess serve =
                new ServeProcess(commands, roots.program().invocation(words.toArray(String[]::new)))) {
            long pid = ProcessHandle.of(serve.pid())
                    .orElseThrow()
                    .descendants()
                    .reduce((above, below) -> below)
                    .map(ProcessHandle::pid)
                    .orElse(serve.pid());
            print("%n| nbroot serve | resident MB | open files | calls a second |%n|---|---|---|---|");
            state(pid, "ready", "");
            List<BusyMachine> machines = new ArrayList<>();
            long begin = System.nanoTime();
            for (int i = 0; i < CLIENTS; i++) {
                machines.add(new BusyMachine(
                        port, address(i), state().client(mac(i)).resolve("root").toString()));
            }
            state(pid, "%d clients mounted, in %.1f s".formatted(CLIENTS, since(begin)), "");
            long calls = work(machines);
            state(pid, "after " + SECONDS + " s of work", "%.0f".formatted((double) calls / SECONDS));
            for (BusyMachine machine : machines) {
                machine.close();
            }
            serve.terminate();
        }
    }

    private static long work(List<BusyMachine> machines) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            long before = machines.stream().mapToLong(BusyMachine::calls).sum();
            long end = System.nanoTime() + Duration.ofSeconds(SECONDS).toNanos();
            List<Callable<Void>> work = new ArrayList<>();
            for (int thread = 0; thread < THREADS; thread++) {
                int first = thread;
                work.add(() -> {
                    while (System.nanoTime() < end) {
                        for (int i = first; i < machines.size(); i += THREADS) {
                            machines.get(i).round();
                        }
                    }
                    return null;
                });
            }
            for (Future<Void> one : threads.invokeAll(work)) {
                one.get();
            }
            return machines.stream().mapToLong(BusyMachine::calls).sum() - before;
        } finally {
            threads.shutdownNow();
        }
    }

    private static void state(long pid, String when, String calls) throws IOException {
        String resident = Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .findFirst()
                .orElseThrow()
                .replaceAll("[^0-9]", "");
        try (Stream<Path> open = Files.list(Path.of("/proc/" + pid + "/fd"))) {
            print("| %s | %.0f | %d | %s |", when, Long.parseLong(resident) / 1024.0, open.count(), calls);
        }
    }

    private long kilobytes(Path... trees) {
        List<String> argv = new ArrayList<>(List.of("du", "-sk", "--total"));
        Stream.of(trees).forEach(tree -> argv.add(tree.toString()));
        List<String> lines = commands.run(Invocation.of(argv)).lines();
        return Long.parseLong(lines.get(lines.size() - 1).split("\\s")[0]);
    }

    private static long names(Path tree) throws IOException {
        try (Stream<Path> files = Files.walk(tree)) {
            return files.count();
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** {@return the processor seconds of all programs that this one has started and that have ended} */
    private static double cpuOfCommands() throws IOException {
        String stat = Files.readString(Path.of("/proc/self/stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return (Long.parseLong(fields[CHILDREN_USER]) + Long.parseLong(fields[CHILDREN_SYSTEM])) / TICKS_PER_SECOND;
    }

    private static double since(long begin) {
        return (System.nanoTime() - begin) / 1e9;
    }

    private static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        return sorted.get(sorted.size() / 2);
    }

    private static void print(String format, Object... values) {
        System.out.printf(Locale.ROOT, format + "%n", values);
    }
}
