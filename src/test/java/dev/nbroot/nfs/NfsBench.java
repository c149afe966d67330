package dev.nbroot.nfs;

import dev.nbroot.it.Needs;
import dev.nbroot.report.Events;
import dev.nbroot.system.Commands;
import dev.nbroot.system.Invocation;
import dev.nbroot.system.Namespaces;
import dev.nbroot.system.linux.LinuxCommands;
import dev.nbroot.system.linux.LinuxNamespaces;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Our NFS server beside nfs-ganesha, in one run on the same trees, in namespaces of their own. The two take turns in
 * every cell; what is printed is the median of the rounds. Asserts nothing about time.
 *
 * <p>{@code -Dnbroot.bench.cells=read32,getattr} measures only those; {@code -Dnbroot.bench.rounds} and {@code
 * -Dnbroot.bench.seconds} say how often and how long.
 */
class NfsBench {
    private static final int ROUNDS = Integer.getInteger("nbroot.bench.rounds", 3);
    private static final int SECONDS = Integer.getInteger("nbroot.bench.seconds", 2);
    private static final String CELLS = System.getProperty("nbroot.bench.cells", "");
    private static final int WARM_UP_SECONDS = 5;
    private static final int DEPTH = 16;
    private static final int FILE_BYTES = 64 << 20;
    private static final int ENTRIES = 1000;

    @TempDir
    Path scratch;

    private final Commands commands = new LinuxCommands(Events.none());
    private final Namespaces.Namespace namespace = new LinuxNamespaces().openWithNetwork();
    private Path data;
    private Path names;
    private Path generation;
    private Path view;
    private BenchLoad load;

    private record Cell(String title, Path export, String operation) {}

    /** One server's median of the rounds. */
    private record Figures(double amount, double cpuMicros) {}

    @BeforeEach
    void trees() throws IOException {
        Needs.root();
        Needs.programs("ganesha.nfsd", "rpcbind", "gcc", "nfs-ls");
        Needs.file(Path.of("/usr/include/nfsc/libnfs.h"), "libnfs-dev");
        Files.setPosixFilePermissions(scratch, PosixFilePermissions.fromString("rwxr-xr-x"));
        data = tree("data");
        generation = tree("generation");
        view = Files.createDirectory(scratch.resolve("view"));
        names = Files.createDirectory(scratch.resolve("names"));
        Path upper = Files.createDirectory(scratch.resolve("upper"));
        Path work = Files.createDirectory(scratch.resolve("work"));
        run("mount", "-t", "tmpfs", "tmpfs", "/run");
        run(
                "mount",
                "-t",
                "overlay",
                "overlay",
                "-o",
                "index=on,nfs_export=on,lowerdir=" + generation + ",upperdir=" + upper + ",workdir=" + work,
                view.toString());
        // A client's own files beside those of its generation: the directory is a merged one.
        run("touch", view + "/bench/dir/own-1", view + "/bench/dir/own-2", view + "/bench/dir/own-3");
        // ext4 searches for minutes where inodes were freed lately, which would drown what a server does.
        run("mount", "-t", "tmpfs", "tmpfs", names.toString());
        run("cp", "-a", data + "/bench", names.toString());
        load = new BenchLoad(commands, namespace, scratch);
    }

    private Path tree(String name) throws IOException {
        Path tree = scratch.resolve(name);
        Path many = Files.createDirectories(tree.resolve("bench/dir"));
        for (int i = 0; i < ENTRIES; i++) {
            Files.createFile(many.resolve("entry-%05d".formatted(i)));
        }
        writeInPieces(tree.resolve("bench/file"));
        return tree;
    }

    /**
     * As a client that copies a file writes it. The kernel keeps a file's pages in pieces as large as it was written or
     * read in, and a megabyte in pieces of 8 KiB costs any server half as much again.
     */
    private static void writeInPieces(Path file) throws IOException {
        Random random = new Random(1);
        byte[] piece = new byte[1 << 20];
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            for (int at = 0; at < FILE_BYTES; at += piece.length) {
                random.nextBytes(piece);
                if (channel.write(ByteBuffer.wrap(piece)) != piece.length) {
                    throw new IOException("a piece of the file was not written whole");
                }
            }
        }
    }

    private void run(String... argv) {
        commands.run(namespace.inside(Invocation.of(argv)));
    }

    @AfterEach
    void close() {
        namespace.close();
    }

    @Test
    void besideGanesha() throws Exception {
        List<String> exports = List.of("here:" + data, "here:" + names, "never:" + generation, "here:" + view);
        try (BenchPeer ours = BenchPeer.nbroot(commands, namespace, exports);
                BenchPeer theirs = BenchPeer.ganesha(commands, namespace, scratch, exports)) {
            ours.awaitReady(commands, namespace, data);
            theirs.awaitReady(commands, namespace, data);
            print(
                    "| nbroot / nfs-ganesha | connections | per second | ratio | server's CPU, µs per call | of theirs |");
            print("|---|---|---|---|---|---|");
            List<Double> ratios = new ArrayList<>();
            // All before the first is measured: the compiler's work on what the cells share would be counted in some.
            for (Cell cell : cells()) {
                warmUp(cell, ours);
            }
            for (Cell cell : cells()) {
                measure(cell, ours, theirs, ratios);
            }
            if (!ratios.isEmpty()) {
                print(
                        "%nmedian of the ratios %.2f, least %.2f",
                        median(ratios),
                        ratios.stream().mapToDouble(r -> r).min().orElseThrow());
            }
            if (CELLS.isEmpty() || CELLS.contains("fairness")) {
                fairness(List.of(ours, theirs));
            }
            print(
                    "%nresident after the run: nbroot %d MB, nfs-ganesha %d MB",
                    ours.residentMegabytes(), theirs.residentMegabytes());
        }
    }

    private List<Cell> cells() {
        List<Cell> all = new ArrayList<>(List.of(
                new Cell("read 32 KiB", data, "read32"),
                new Cell("read 1 MiB", data, "read1m"),
                new Cell("write 32 KiB", data, "write32"),
                new Cell("write 1 MiB", data, "write1m"),
                new Cell("getattr", data, "getattr"),
                new Cell("lookup", data, "lookup"),
                new Cell("access", data, "access"),
                new Cell("readdirplus, generation", generation, "readdirplus"),
                new Cell("readdirplus, view", view, "readdirplus"),
                new Cell("create (tmpfs)", names, "create")));
        List<String> asked = List.of(CELLS.split(","));
        all.removeIf(cell -> !CELLS.isEmpty() && !asked.contains(cell.operation()));
        return all;
    }

    private void measure(Cell cell, BenchPeer ours, BenchPeer theirs, List<Double> ratios) throws IOException {
        for (int connections : new int[] {1, 8}) {
            List<List<Sample>> our = new ArrayList<>();
            List<List<Sample>> their = new ArrayList<>();
            for (int round = 0; round < ROUNDS; round++) {
                our.add(sample(cell, connections, ours));
                their.add(sample(cell, connections, theirs));
            }
            row(cell.title(), connections, figures(our, 0), figures(their, 0), ratios);
            if (cell.operation().equals("create")) {
                row("remove (tmpfs)", connections, figures(our, 1), figures(their, 1), ratios);
            }
        }
    }

    private void warmUp(Cell cell, BenchPeer ours) {
        for (int connections : new int[] {1, 8}) {
            load.run(ours.url(cell.export()), connections, DEPTH, WARM_UP_SECONDS, cell.operation());
            if (cell.operation().equals("create")) {
                load.run(ours.url(cell.export()), connections, DEPTH, 60, "remove");
            }
        }
    }

    private record Sample(BenchLoad.Result result, double cpuMicros) {}

    /** One run; for {@code create} also the run that removes again what it made. */
    private List<Sample> sample(Cell cell, int connections, BenchPeer peer) throws IOException {
        List<Sample> samples = new ArrayList<>();
        samples.add(sample(cell, connections, peer, SECONDS, cell.operation()));
        if (cell.operation().equals("create")) {
            samples.add(sample(cell, connections, peer, 60, "remove"));
        }
        return samples;
    }

    private Sample sample(Cell cell, int connections, BenchPeer peer, int seconds, String operation)
            throws IOException {
        double cpu = peer.cpuSeconds();
        BenchLoad.Result result = load.run(peer.url(cell.export()), connections, DEPTH, seconds, operation);
        return new Sample(result, (peer.cpuSeconds() - cpu) * 1e6 / result.count());
    }

    private static Figures figures(List<List<Sample>> rounds, int index) {
        List<Double> amounts = new ArrayList<>();
        List<Double> cpu = new ArrayList<>();
        for (List<Sample> round : rounds) {
            BenchLoad.Result result = round.get(index).result();
            amounts.add(result.megabytes() > 0 ? result.megabytes() : result.operations());
            cpu.add(round.get(index).cpuMicros());
        }
        return new Figures(median(amounts), median(cpu));
    }

    private static void row(String title, int connections, Figures our, Figures their, List<Double> ratios) {
        String unit = title.contains("iB") ? "MB" : "calls";
        ratios.add(our.amount() / their.amount());
        print(
                "| %s | %d | %.0f / %.0f %s | %.2f | %.1f / %.1f | %.2f |",
                title,
                connections,
                our.amount(),
                their.amount(),
                unit,
                our.amount() / their.amount(),
                our.cpuMicros(),
                their.cpuMicros(),
                our.cpuMicros() / their.cpuMicros());
    }

    /** One client looks up names, one call at a time, while another moves megabytes as fast as it can. */
    private void fairness(List<BenchPeer> peers) throws InterruptedException {
        print(
                "%n| lookup, one at a time: median, 99th of 100 in µs | alone | beside 1 MiB reads | beside 1 MiB writes |");
        print("|---|---|---|---|");
        for (BenchPeer peer : peers) {
            String url = peer.url(data);
            load.run(url, 1, 1, WARM_UP_SECONDS, "lookup");
            StringBuilder row = new StringBuilder("| " + peer.name());
            for (String other : List.of("", "read1m", "write1m")) {
                List<Double> medians = new ArrayList<>();
                List<Double> late = new ArrayList<>();
                for (int round = 0; round < ROUNDS; round++) {
                    BenchLoad.Result result = besides(url, other);
                    medians.add(result.median());
                    late.add(result.late());
                }
                row.append(String.format(Locale.ROOT, " | %.0f, %.0f", median(medians), median(late)));
            }
            print("%s |", row);
        }
    }

    private BenchLoad.Result besides(String url, String other) throws InterruptedException {
        if (other.isEmpty()) {
            return load.run(url, 1, 1, SECONDS, "lookup");
        }
        try (Commands.Running greedy = load.beside(url, 4, DEPTH, SECONDS + 2, other)) {
            Thread.sleep(1000);
            BenchLoad.Result result = load.run(url, 1, 1, SECONDS, "lookup");
            if (!greedy.isAlive()) {
                throw new AssertionError("the other client ended too early");
            }
            return result;
        }
    }

    private static double median(List<Double> values) {
        double[] sorted = values.stream().mapToDouble(v -> v).toArray();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private static void print(String format, Object... values) {
        System.out.println(String.format(Locale.ROOT, format, values));
        System.out.flush();
    }
}
