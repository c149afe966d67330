package dev.nbroot.tftp;

import dev.nbroot.it.Needs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Our TFTP server beside tftpd-hpa and dnsmasq, in one run: the servers are child processes on loopback addresses and
 * take turns in every round. Prints a table; asserts nothing about time.
 */
class TftpBench {
    private static final int BLKSIZE = 1428;

    @TempDir
    Path root;

    @TempDir
    Path tools;

    private LoadClient client;

    private record Cell(String title, int clients, int megabytes, int window, double loss, int rounds) {}

    private static final List<Cell> CELLS = List.of(
            new Cell("1 client, 40 MB", 1, 40, 1, 0, 5),
            new Cell("64 clients x 8 MB", 64, 8, 1, 0, 3),
            new Cell("64 clients x 8 MB, window 16", 64, 8, 16, 0, 3),
            new Cell("512 clients x 1 MB", 512, 1, 1, 0, 3),
            new Cell("8 clients x 1 MB, 1 % loss", 8, 1, 1, 0.01, 3),
            new Cell("8 clients x 1 MB, 1 % loss, window 16", 8, 1, 16, 0.01, 3));

    @Test
    void compare() throws Exception {
        Needs.programs("in.tftpd", "dnsmasq", "cc", "setsid");
        Needs.root();
        client = LoadClient.compile(tools);
        Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwxr-xr-x"));
        for (int megabytes : new int[] {1, 8, 40}) {
            byte[] content = new byte[megabytes * 1_000_000];
            new Random(megabytes).nextBytes(content);
            Files.write(file(megabytes), content);
        }
        try (PeerServer ours = PeerServer.nbroot(root);
                PeerServer hpa = PeerServer.tftpdHpa(root);
                PeerServer dnsmasq = PeerServer.dnsmasq(root)) {
            List<PeerServer> servers = List.of(ours, hpa, dnsmasq);
            for (PeerServer server : servers) {
                server.awaitReady();
                client.fetch(server.address(), new LoadClient.Load(file(8), BLKSIZE, 1, 16, 0));
            }
            for (int i = 0; i < 8; i++) {
                // The JIT compiler is done after this: the others came compiled.
                client.fetch(ours.address(), new LoadClient.Load(file(8), BLKSIZE, i % 2 == 0 ? 1 : 16, 32, 0));
            }
            print(
                    "%-38s %-10s %8s %8s %9s %7s   %s",
                    "cell (blksize 1428)", "server", "seconds", "MB/s", "CPU s/GB", "failed", "each, seconds");
            for (Cell cell : CELLS) {
                measure(cell, servers);
            }
        }
    }

    private Path file(int megabytes) {
        return root.resolve(Integer.toString(megabytes));
    }

    /** What one server did in one cell. */
    private static final class Column {
        private final List<Double> seconds = new ArrayList<>();
        private final List<Double> cpuPerGigabyte = new ArrayList<>();
        private final List<String> failures = new ArrayList<>();
        private int failed;

        void add(LoadClient.Result result, double cpuSeconds) {
            seconds.add(result.seconds());
            cpuPerGigabyte.add(cpuSeconds / (result.bytes() / 1e9));
            failures.addAll(result.failures());
            failed += result.failed();
        }
    }

    private void measure(Cell cell, List<PeerServer> servers) throws IOException, InterruptedException {
        List<Column> columns = new ArrayList<>();
        servers.forEach(server -> columns.add(new Column()));
        // Servers that ignore windowsize are measured without it, which the cell above shows already.
        int participants = cell.window() == 1 ? servers.size() : 1;
        LoadClient.Load load =
                new LoadClient.Load(file(cell.megabytes()), BLKSIZE, cell.window(), cell.clients(), cell.loss());
        for (int round = 0; round < cell.rounds(); round++) {
            for (int i = 0; i < participants; i++) {
                PeerServer server = servers.get(i);
                double before = server.cpuSeconds();
                LoadClient.Result result = client.fetch(server.address(), load);
                Thread.sleep(300); // Children of a forking server end and are counted.
                columns.get(i).add(result, server.cpuSeconds() - before);
            }
        }
        for (int i = 0; i < participants; i++) {
            Column column = columns.get(i);
            double seconds = median(column.seconds);
            print(
                    "%-38s %-10s %8.2f %8.1f %9.2f %7d   %s",
                    cell.title(),
                    servers.get(i).name(),
                    seconds,
                    cell.clients() * cell.megabytes() / seconds,
                    median(column.cpuPerGigabyte),
                    column.failed,
                    column.seconds);
            column.failures.stream().distinct().limit(3).forEach(failure -> print("    %s", failure));
        }
    }

    private static double median(List<Double> values) {
        double[] sorted = values.stream().mapToDouble(Double::doubleValue).toArray();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private static void print(String format, Object... values) {
        System.out.println(String.format(format, values).stripTrailing());
        System.out.flush();
    }
}
